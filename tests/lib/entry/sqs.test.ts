import { parseSqsRecords } from '../../../lib/entry/sqs.ts';

const record = {
  messageId: '059f36b4',
  receiptHandle: 'AQEB',
  body: '{}',
  attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1545082649183' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
};

describe('the records of an SQS event', () => {
  test('are parsed with the members that are needed', () => {
    expect(parseSqsRecords({ Records: [record] })).toEqual([
      { messageId: '059f36b4', receiptHandle: 'AQEB', body: '{}', receiveCount: 3 },
    ]);
  });

  test('can have few members', () => {
    expect(parseSqsRecords({ Records: [{ messageId: 'a' }] })).toEqual([
      { messageId: 'a', receiptHandle: '', body: '', receiveCount: 1 },
    ]);
  });

  test.each(['0', '', 'many', '-1', 7, null])('count as received once if the count is %j', (count) => {
    expect(parseSqsRecords({ Records: [{ ...record, attributes: { ApproximateReceiveCount: count } }] })).toMatchObject(
      [{ receiveCount: 1 }],
    );
  });

  test('are dropped without an id', () => {
    expect(parseSqsRecords({ Records: [null, 7, 'x', [], {}, { messageId: 7 }, record] })).toHaveLength(1);
  });

  test.each([undefined, null, 7, 'text', [], {}, { Records: null }, { Records: {} }, { Records: [] }])(
    'are empty in %j',
    (event) => {
      expect(parseSqsRecords(event)).toEqual([]);
    },
  );
});
