import { trackUser } from '../../handlers/track-user.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { invoke, type stageForTests } from './invoke.ts';

const alias = { alias_name: 'chat-1', alias_label: 'pypestream' };

/** The tests that the nodes have in common that trigger a message; `message` names it in payload and request. */
export const testTrigger = <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  local: ReturnType<typeof stageForTests>,
  definition: NodeDefinition<P, Extra, N>,
  message: { readonly [key: string]: string },
): void => {
  const trigger = (payload: object) => invoke(local.stage, definition, { ...message, ...payload });

  test.each([
    ['external_id', { external_id: 'ann' }, { external_user_id: 'ann' }],
    [
      'an alias, which is never created',
      { user_alias: alias, attributes: { a: 'b' } },
      { user_alias: alias, attributes: { a: 'b' } },
    ],
    ['braze_id', { braze_id: '0123456789abcdef01234567' }, { braze_id: '0123456789abcdef01234567' }],
    [
      'email',
      { email: 'Ann@Example.com' },
      { email: 'ann@example.com', prioritization: ['identified', 'most_recently_updated'] },
    ],
    [
      'an id of existing people only',
      { external_id: 'ann', update_existing_only: 'true', attributes: { a: 'b' } },
      { external_user_id: 'ann', attributes: { a: 'b' } },
    ],
  ])('names the one recipient by %s', async (_by, identity, recipient) => {
    const attributes = { first_name: 'Ann' };
    await invoke(local.stage, trackUser, { ...identity, update_existing_only: 'false', attributes });
    const { requests } = await trigger(identity);
    expect(requests[0]?.body).toEqual({ ...message, recipients: [recipient] });
  });

  test('is invalid with a phone number alone, by which Braze finds no recipient', async () => {
    const { answer, requests } = await trigger({ phone: '+14155550100' });
    expect(answer).toEqual({
      ...{ success: 'error', outcome: 'invalid', detail: 'There is no valid identifier.' },
      BRAZE_INVALID_FIELDS: 'phone,external_id',
    });
    expect(requests).toEqual([]);
  });

  test('is rejected where Braze does not know the message', async () => {
    const unknown = Object.fromEntries(Object.keys(message).map((key) => [key, 'another']));
    const { answer } = await trigger({ external_id: 'ann', ...unknown });
    expect(answer).toMatchObject({ outcome: 'rejected' });
  });

  test('is not repeated after an answer that never came, and is dead-lettered', async () => {
    local.stage.braze.fault('500-after');
    const { answer, requests } = await trigger({ external_id: 'ann' });
    expect(answer).toMatchObject({ outcome: 'in_doubt' });
    expect(requests).toHaveLength(1);
    const [deadLetter] = await local.stage.deadLetters.drain();
    const { path } = definition.endpoint;
    expect(JSON.parse(deadLetter?.body ?? '')).toMatchObject({ reason: 'in_doubt', path });
  });
};
