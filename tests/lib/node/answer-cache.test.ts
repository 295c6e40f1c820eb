import { AnswerCache } from '../../../lib/node/answer-cache.ts';

const NOW = Date.parse('2026-05-01T10:00:00Z');
const answer = (body: { readonly [key: string]: unknown }) => ({ status: 200, errors: [], processed: {}, body });

test('an answer is cached by its request for the declared time', () => {
  const cache = new AnswerCache(60);
  cache.set('paris', answer({ name: 'Paris' }), NOW);
  expect(cache.get('paris', NOW + 59_999)).toEqual(answer({ name: 'Paris' }));
  expect(cache.get('paris', NOW + 60_000)).toBeUndefined();
  expect(cache.get('rome', NOW)).toBeUndefined();
});

test('an answer is not cached for longer if the clock is set back', () => {
  const cache = new AnswerCache(60);
  cache.set('paris', answer({}), NOW);
  expect(cache.get('paris', NOW - 60_000)).toBeUndefined();
});

test('the oldest of too many answers are dropped, and a long one is not cached', () => {
  const cache = new AnswerCache(60);
  for (let nth = 0; nth <= 200; nth += 1) cache.set(`item ${nth}`, answer({ nth }), NOW);
  expect(cache.get('item 0', NOW)).toBeUndefined();
  expect(cache.get('item 200', NOW)).toEqual(answer({ nth: 200 }));
  cache.set('long', answer({ text: 'x'.repeat(70_000) }), NOW);
  expect(cache.get('long', NOW)).toBeUndefined();
});
