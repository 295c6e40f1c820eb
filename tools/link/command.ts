import { parseArgs } from 'node:util';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { createIdentityToken } from '../../lib/entry/identity-token.ts';
import { CliError, parseOrExit, runCommand, type Streams, usageError } from '../cli.ts';
import { StageParameters } from '../parameters.ts';
import { describeScope, findRegion } from '../region.ts';
import { parseStage, toParameterPath } from '../service.ts';

const USAGE = `Makes a signed link, as a message of Braze carries one, to try what a verified person can do.

  npm run link -- --stage sandbox --id customer-20417

  --stage sandbox|prod   the stage whose link_secret signs
  --id ID                the external_id that the link proves
  --days DAYS            how long it holds: 1 to 30 (default: 1)
  --url URL              the page with the chat (default: https://www.example.com/chat)
  --region REGION        default: AWS_REGION, else AWS_DEFAULT_REGION, else the AWS profile's, else us-east-1

Whoever has the link is that person to every node: make none for a customer in prod.`;

const OPTIONS = {
  stage: { type: 'string', short: 's' },
  id: { type: 'string' },
  days: { type: 'string', default: '1' },
  url: { type: 'string', default: 'https://www.example.com/chat' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DAY_S = 24 * 60 * 60;

const parseDays = (text: string): number => {
  if (!/^(?:[1-9]|[12]\d|30)$/.test(text)) throw usageError('--days takes a whole number from 1 to 30.', USAGE);
  return Number(text);
};

/** The parameter `bz` is appended as text, as Liquid does it: the token needs no further encoding. */
const addToken = (page: string, token: string): string => {
  const url = URL.parse(page);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError('--url takes an http:// or https:// URL.', USAGE);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}bz=${token}`;
  return url.href;
};

/** Prints a signed link; returns the exit code. */
export const link = (argv: readonly string[], streams: Streams): Promise<number> =>
  runCommand(streams, async () => {
    const { values } = parseOrExit(() => parseArgs({ args: [...argv], options: OPTIONS }), USAGE);
    const stage = parseStage(values.stage, USAGE);
    if (!values.id) throw usageError('A person is needed: --id with their external_id.', USAGE);
    const expiry = Math.floor(Date.now() / 1_000) + parseDays(values.days) * DAY_S;
    // A wrong address is reported before AWS is asked.
    addToken(values.url, '');

    const region = await findRegion(values.region, USAGE);
    streams.stdout.write(`${describeScope(region, stage)}\n`);
    const stored = (await new StageParameters(stage, region.name).read(['link_secret'], true)).get('link_secret');
    const [secret] = parseSecrets(stored?.value ?? '');
    if (secret === undefined) {
      throw new CliError(
        `The parameter ${toParameterPath(stage, 'link_secret')} is missing. First run: npm run configure -- --stage ${stage} --rotate-link-secret`,
      );
    }
    const token = createIdentityToken(values.id, expiry, secret);
    streams.stdout.write(`signed_id: ${token}\nLink:      ${addToken(values.url, token)}\n`);
    streams.stdout.write(`Holds until ${new Date(expiry * 1_000).toISOString()}.\n`);
    return 0;
  });
