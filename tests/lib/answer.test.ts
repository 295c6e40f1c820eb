import { type Outcome, SUCCESS_BY_OUTCOME, type Success, toAnswer } from '../../lib/answer.ts';

const end = { success: 'true', outcome: 'partial', detail: 'A sentence.' } as const;

test.each<[Outcome, Success]>([
  ['sent', 'true'],
  ['partial', 'true'],
  ['queued', 'true'],
  ['invalid', 'error'],
  ['rejected', 'error'],
  ['misconfigured', 'error'],
  ['in_doubt', 'error'],
  ['unavailable', 'error'],
])('the outcome %s has success %s', (outcome, success) => {
  expect(SUCCESS_BY_OUTCOME[outcome]).toBe(success);
});

test('lists the invalid paths, separated by commas', () => {
  expect(
    toAnswer({
      ...end,
      invalid: new Map([
        ['attributes.dob', 'not_a_date'],
        ['email', 'not_an_address'],
        ['events.1.time', 'not_a_time'],
      ]),
    }),
  ).toEqual({
    ...end,
    BRAZE_INVALID_FIELDS: 'attributes.dob,email,events.1.time',
  });
});

test('leaves out the list of invalid paths if there are none', () => {
  expect(toAnswer({ ...end, invalid: new Map() })).toEqual(end);
});

test('does not let a node’s value replace a key that every answer has', () => {
  expect(toAnswer({ ...end, values: { success: 'false', BRAZE_FIRST_NAME: 'Ada' } })).toEqual({
    ...end,
    BRAZE_FIRST_NAME: 'Ada',
  });
});
