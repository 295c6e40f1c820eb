import { type LogLine, logInvocation, serializeError } from '../../../lib/node/log.ts';

const line = {
  node: 'track-user',
  service: 'a-brand',
  stage: 'sandbox',
  outcome: 'sent',
  ssm_ms: 3,
  total_ms: 5,
};

const written = (outcome: string, more: Partial<LogLine> = {}, isVerified = true): string => {
  const lines: string[] = [];
  logInvocation({ ...line, outcome, ...more }, isVerified, (text) => lines.push(text));
  expect(lines).toHaveLength(1);
  return String(lines[0]);
};

describe('a log line', () => {
  test('is one line of JSON with its time', () => {
    const text = written('sent');
    expect(text).toMatch(/^\{.*\}$/);
    expect(JSON.parse(text)).toMatchObject({
      ...line,
      level: 'INFO',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test.each([
    ['sent', 'INFO'],
    ['found', 'INFO'],
    ['not_found', 'INFO'],
    ['partial', 'WARN'],
    ['queued', 'WARN'],
    ['invalid', 'WARN'],
    ['rejected', 'WARN'],
    ['paused', 'INFO'],
    ['misconfigured', 'ERROR'],
    ['in_doubt', 'ERROR'],
    ['unavailable', 'ERROR'],
  ])('of %s has the level %s', (outcome, level) => {
    expect(JSON.parse(written(outcome))).toMatchObject({ outcome, level });
  });
});

describe('the metrics in a log line', () => {
  const calls = {
    Namespace: 'PypestreamBraze',
    Dimensions: [
      ['service', 'stage', 'node', 'outcome'],
      ['service', 'stage', 'outcome'],
    ],
    Metrics: [{ Name: 'calls', Unit: 'Count' }],
  };

  test('count the call, by node and outcome', () => {
    const read = JSON.parse(written('queued'));
    expect(read).toMatchObject({ calls: 1, stage: 'sandbox', node: 'track-user', outcome: 'queued' });
    expect(read._aws).toEqual({ Timestamp: Date.parse(read.timestamp), CloudWatchMetrics: [calls] });
  });

  test('contain how long Braze took, if it responded', () => {
    expect(JSON.parse(written('sent', { braze_status: 201 }))._aws.CloudWatchMetrics).toEqual([
      calls,
      {
        Namespace: 'PypestreamBraze',
        Dimensions: [['service', 'stage', 'node']],
        Metrics: [{ Name: 'braze_ms', Unit: 'Milliseconds' }],
      },
    ]);
  });
});

describe('invalid settings', () => {
  test('are listed in the line, and counted for the stage', () => {
    const read = JSON.parse(written('sent', { settings_ignored: ['DATE_ORDER', 'DEFAULT_COUNTRY'] }));
    expect(read).toMatchObject({
      settings_ignored: ['DATE_ORDER', 'DEFAULT_COUNTRY'],
      calls_with_ignored_settings: 1,
    });
    expect(read._aws.CloudWatchMetrics).toContainEqual({
      Namespace: 'PypestreamBraze',
      Dimensions: [['service', 'stage']],
      Metrics: [{ Name: 'calls_with_ignored_settings', Unit: 'Count' }],
    });
  });

  test('are not in the line if there are none', () => {
    expect(written('sent', { settings_ignored: [] })).not.toContain('ignored');
  });
});

test.each(['misconfigured', 'unavailable'])('a call that is not verified cannot trigger the alarm on %s', (outcome) => {
  const read = JSON.parse(written(outcome, { settings_ignored: ['DATE_ORDER'] }, false));
  expect(read).toMatchObject({ outcome, level: 'WARN' });
  expect(Object.keys(read).filter((key) => key === '_aws' || key.startsWith('calls'))).toEqual([]);
});

describe('an error in a log line', () => {
  test('has its name, code and stack frames, but not its message', () => {
    const error = Object.assign(new TypeError('ann@example.com\n    is no number'), { code: 'ERR_NUMBER' });
    const logged = serializeError(error);
    expect(logged).toEqual({ name: 'TypeError', code: 'ERR_NUMBER', at: expect.any(Array) });
    expect(logged.at?.length).toBeLessThanOrEqual(5);
    expect(logged.at?.[0]).toMatch(/^at .*log\.test\.ts:\d+:\d+\)?$/);
    expect(JSON.stringify(logged)).not.toContain('ann@example.com');
  });

  test('has no code if the error has none', () => {
    expect(serializeError(Object.assign(new Error('x'), { code: 7 }))).not.toHaveProperty('code');
  });

  test.each([undefined, ''])('has no frames with a stack that is %j', (stack) => {
    expect(serializeError(Object.assign(new Error('x'), { stack }))).toEqual({ name: 'Error' });
  });

  test('has at most five causes', () => {
    const error = [0, 1, 2, 3, 4, 5, 6].reduce<Error>(
      (cause, depth) => Object.assign(new Error('x', { cause }), { name: `Error${depth}`, stack: '' }),
      Object.assign(new Error('x'), { name: 'First', stack: '' }),
    );
    expect(serializeError(error)).toEqual({
      name: 'Error6',
      cause: {
        name: 'Error5',
        cause: {
          name: 'Error4',
          cause: { name: 'Error3', cause: { name: 'Error2', cause: { name: 'Error1' } } },
        },
      },
    });
  });

  test('ends if an error is its own cause', () => {
    const error = Object.assign(new Error('x'), { stack: '' });
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).match(/"name"/g)).toHaveLength(6);
  });

  test.each([
    ['ann@example.com', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
    [{ name: 'ann@example.com' }, 'object'],
  ])('that is not an error, such as %j, has only its type', (thrown, name) => {
    expect(serializeError(thrown)).toEqual({ name });
  });
});
