import { RecentAnswers } from '../../../lib/node/recent-answers.ts';

const SENT = { success: 'true', outcome: 'sent', detail: 'Braze accepted everything.' } as const;

test('an answer is returned again with all of its keys', () => {
  const answers = new RecentAnswers();
  answers.set('a', 'true', { ...SENT, BRAZE_INVALID_FIELDS: 'email' });
  expect(answers.get('a')).toEqual({ ...SENT, values: { BRAZE_INVALID_FIELDS: 'email' } });
  expect(answers.get('b')).toBeUndefined();
});

test('a large answer of a look-up is not stored', () => {
  const answers = new RecentAnswers();
  answers.set('a', 'true', { ...SENT, BRAZE_NOTE: 'x'.repeat(10_000) });
  expect(answers.get('a')).toBeUndefined();
});

test('an answer with many invalid paths is stored, because its request was sent', () => {
  const answers = new RecentAnswers();
  const BRAZE_INVALID_FIELDS = 'attributes.phone,'.repeat(1_000);
  answers.set('a', 'true', { ...SENT, BRAZE_INVALID_FIELDS });
  expect(answers.get('a')).toEqual({ ...SENT, values: { BRAZE_INVALID_FIELDS } });
});
