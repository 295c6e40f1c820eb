import { readFileSync } from 'node:fs';
import type { Fault } from '../../emulators/braze/faults.ts';
import { getCatalogItem } from '../../handlers/get-catalog-item.ts';
import { getPreferenceCenter } from '../../handlers/get-preference-center.ts';
import { getProfile } from '../../handlers/get-profile.ts';
import { getSubscription } from '../../handlers/get-subscription.ts';
import { identifyUser } from '../../handlers/identify-user.ts';
import { mergeUser } from '../../handlers/merge-user.ts';
import { redeliver } from '../../handlers/redeliver.ts';
import { sendTransactional } from '../../handlers/send-transactional.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { triggerCampaign } from '../../handlers/trigger-campaign.ts';
import { triggerCanvas } from '../../handlers/trigger-canvas.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import { stageForTests } from '../support/invoke.ts';
import { useVirtualTime } from '../support/virtual-time.ts';

useVirtualTime();

/** What Braze's answers mean for a request, said here once more so that a mistake in lib/braze/response.ts shows. */
const MEANINGS = {
  accepted: ['queued', 'slow:20'],
  first_rejected: ['partial', 'partial-text'],
  all_rejected: ['refused', 'zero-counts'],
  rejected: ['413'],
  busy: ['429:none', '503'],
  unknown: ['500', '502', '504', 'hang', 'reset', 'html'],
  processed: ['500-after', '502-after', '504-after', 'hang-after', 'reset-after', 'html-after', 'odd-message'],
  misconfigured: ['401', '403', '404', 'redirect'],
} as const satisfies { readonly [meaning: string]: readonly Fault[] };
type Meaning = keyof typeof MEANINGS;

const CASES = Object.entries(MEANINGS).flatMap(([meaning, faults]) =>
  faults.map((fault) => [fault, meaning as Meaning] as const),
);

const ALIAS = { alias_name: 'chat-5531', alias_label: 'pypestream' };
const PROFILE = { first_name: 'Ada', home_city: 'London', _update_existing_only: false };
const KNOWN = { ...PROFILE, external_id: 'customer-20417' };
/** One node for each endpoint, and who must be in Braze before. */
const NODES = [
  { node: trackUser, seed: undefined },
  { node: getProfile, seed: KNOWN },
  { node: getSubscription, seed: KNOWN },
  { node: getPreferenceCenter, seed: KNOWN },
  { node: getCatalogItem, seed: undefined },
  { node: identifyUser, seed: { ...PROFILE, user_alias: ALIAS } },
  { node: mergeUser, seed: { ...PROFILE, user_alias: ALIAS } },
  { node: sendTransactional, seed: KNOWN },
  { node: triggerCampaign, seed: KNOWN },
  { node: triggerCanvas, seed: KNOWN },
] as const;

const context = stageForTests({
  catalogs: { trips: [{ id: 'paris-2', name: 'Paris by night', price: 49 }] },
  preferenceCenters: ['3b1f0c86-52d4-4a0e-8f7b-64c9e21d7a90'],
});
const readEvent = (name: string) => JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));

/** Everything that Braze holds, without what differs from run to run. */
const readBraze = (): unknown =>
  JSON.parse(
    JSON.stringify(context.stage.braze.profiles, (key, value) =>
      ['braze_id', 'created_at', 'dispatch_id', 'time'].includes(key) ? undefined : value,
    ),
  );

/** What the queues hold, by name, with the reason for which it is there. */
const readQueues = (): readonly string[] =>
  [context.stage.undelivered, context.stage.deadLetters].flatMap(({ name, messages }) =>
    messages.map(({ reason }) => `${name}: ${reason}`),
  );

/** One call in an execution environment of its own. */
const call = async <P, Extra extends ExtraOutcomes>(node: NodeDefinition<P, Extra>) => {
  const { result } = await context.stage.capture(() =>
    createHandler(node, context.stage.createRuntime())(readEvent(node.name)),
  );
  return 'outcome' in result ? result.outcome : undefined;
};

const redeliverAll = async () => {
  const batch = context.stage.undelivered.poll();
  const { result } = await context.stage.capture(() =>
    createRedeliverHandler(redeliver, context.stage.createRuntime())(batch),
  );
  return result;
};

const HAVE_NO_MESSAGE: readonly string[] = ['send-transactional', 'get-preference-center'];

describe.each(NODES)('$node.name', ({ node, seed }) => {
  const { path, queueOnFailure, isIdempotent } = node.endpoint;
  const cases = CASES.filter(
    ([fault, meaning]) =>
      // Only users/track has objects that Braze accepts or refuses one by one, and a look-up has nothing to queue.
      (path === 'users/track' || !['first_rejected', 'all_rejected'].includes(meaning)) &&
      (queueOnFailure || fault !== 'queued') &&
      // Their success has no message that could be another one.
      !(HAVE_NO_MESSAGE.includes(node.name) && ['queued', 'odd-message'].includes(fault)),
  );
  let healthy: { readonly outcome: string | undefined; readonly held: unknown };

  const begin = () => {
    const { braze } = context.stage;
    if (seed !== undefined) braze.seed(seed);
    const { canvas_id, campaign_id } = readEvent(node.name).payload;
    if (canvas_id !== undefined) braze.canvases[canvas_id] = 'active';
    if (campaign_id !== undefined) braze.campaigns[campaign_id] = 'active';
  };

  beforeEach(async () => {
    begin();
    healthy ??= { outcome: await call(node as NodeDefinition<unknown, ExtraOutcomes>), held: readBraze() };
    context.stage.reset();
    begin();
  });

  test.each(cases)('when Braze does %s (%s), answers with that and loses nothing', async (fault, meaning) => {
    const before = readBraze();
    const hangs = fault.startsWith('hang');
    context.stage.environment(hangs ? { TIME_BUDGET_MS: '700' } : {});
    context.stage.braze.fault(fault);
    const outcome = await call(node as NodeDefinition<unknown, ExtraOutcomes>);
    context.stage.braze.clearFaults();
    const held = readBraze();

    const failure = (reason: string) =>
      queueOnFailure
        ? { outcome: 'in_doubt', queues: [`dead-letters: ${reason}`] }
        : { outcome: 'unavailable', queues: [] };
    const retried = (reason: string) =>
      queueOnFailure ? { outcome: 'queued', queues: [`undelivered: ${reason}`] } : failure(reason);
    const body = context.stage.braze.requests.at(-1)?.json ?? {};
    const doubt = () => (isIdempotent(body as never, false) ? retried('unknown') : failure('in_doubt'));
    const expected = {
      accepted: () => ({ outcome: healthy.outcome, queues: [] }),
      first_rejected: () => ({ outcome: 'partial', queues: [] }),
      all_rejected: () => ({ outcome: 'rejected', queues: [] }),
      rejected: () => ({ outcome: 'rejected', queues: [] }),
      busy: () => retried('busy'),
      unknown: doubt,
      processed: doubt,
      misconfigured: () => ({
        outcome: 'misconfigured',
        queues: queueOnFailure ? ['dead-letters: misconfigured'] : [],
      }),
    }[meaning]();
    expect({ outcome, queues: readQueues() }).toEqual(expected);

    if (meaning === 'accepted' || meaning === 'processed') expect(held).toEqual(healthy.held);
    else if (meaning !== 'first_rejected') expect(held).toEqual(before);
    if (expected.outcome === 'queued') {
      expect(await redeliverAll()).toEqual({ batchItemFailures: [] });
      expect(readBraze()).toEqual(healthy.held);
    }
  });
});
