import { parseSecrets } from '../../lib/config/parameters.ts';
import { createIdentityToken } from '../../lib/entry/identity-token.ts';
import { defineCommand } from '../cli.ts';
import { missingParameter, StageParameters } from '../parameters.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE } from '../scope.ts';

const USAGE = `Makes a signed link, as a message of Braze carries one, to try what a verified person can do.

  npm run link -- --stage sandbox --id customer-20417

${SCOPE_USAGE}
  --id ID                the external_id that the link proves
  --days DAYS            how long it holds: 1 to 30 (default: 1)
  --url URL              the page with the chat (default: https://www.example.com/chat)

Whoever has the link is that person to every node: make none for a customer in prod.`;

const OPTIONS = {
  ...SCOPE_OPTIONS,
  id: { type: 'string' },
  days: { type: 'string', default: '1' },
  url: { type: 'string', default: 'https://www.example.com/chat' },
} as const;

const DAY_S = 24 * 60 * 60;

/** Prints a signed link. */
export const link = defineCommand({ usage: USAGE, options: OPTIONS }, async (args, { stdout }) => {
  const { id, days, url } = args.values;
  if (!id) throw args.usageError('A person is needed: --id with their external_id.');
  if (!/^(?:[1-9]|[12]\d|30)$/.test(days)) throw args.usageError('--days takes a whole number from 1 to 30.');
  const page = URL.parse(url);
  if (page === null || !/^https?:$/.test(page.protocol)) {
    throw args.usageError('--url takes an http:// or https:// URL.');
  }
  const { stage, region, line } = await readScope(args);
  stdout.write(`${line}\n`);
  const stored = await new StageParameters(stage, region).find(['link_secret'], true);
  const [secret] = parseSecrets(stored.get('link_secret')?.value ?? '');
  if (secret === undefined) throw missingParameter('link_secret', stage);
  const expiry = Math.floor(Date.now() / 1_000) + Number(days) * DAY_S;
  const token = createIdentityToken(id, expiry, secret);
  // Appended as text, as Liquid does it: the token needs no further encoding.
  page.search += `${page.search === '' ? '?' : '&'}bz=${token}`;
  stdout.write(`signed_id: ${token}\nLink:      ${page.href}\n`);
  stdout.write(`Holds until ${new Date(expiry * 1_000).toISOString()}.\n`);
  return 0;
});
