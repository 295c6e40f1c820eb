import { createBraze } from '../../emulators/braze/gateway.ts';
import type { JsonObject } from '../../emulators/json.ts';
import { isGood, type Run, toReport } from '../../tools/demo/report.ts';

const SENT = { success: 'true', outcome: 'sent', detail: 'Braze accepted everything.' };
const EVENT = { external_id: 'ann', name: 'e', time: '2026-05-01T10:00:00Z', properties: { flow: 'summer' } };
const BODY = { attributes: [{ external_id: 'ann', first_name: 'Ann' }], events: [EVENT], partner: 'pypestream' };

interface Case {
  readonly answer?: JsonObject;
  readonly payload?: JsonObject;
  /** The bodies that Braze receives, one request each. */
  readonly bodies?: readonly JsonObject[];
  readonly invalid?: Run['invalid'];
}

/** One run of the demo, as it would be after these requests to users/track. */
const toRun = ({ answer = SENT, payload = {}, bodies = [BODY], invalid = new Map() }: Case): Run => {
  const braze = createBraze({ apiKey: 'key' });
  for (const body of bodies) {
    braze.receive({
      method: 'POST',
      path: '/users/track',
      query: '',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      body: new TextEncoder().encode(JSON.stringify(body)),
    });
  }
  return {
    options: {
      file: 'input.json',
      isEvent: false,
      event: { payload, context: {} },
      node: 'track-user',
      fault: undefined,
      throughPypestream: false,
      verbose: false,
    },
    permission: 'users.track',
    invocation: { answer, log: {} },
    requests: braze.requests,
    messages: [],
    profiles: braze.profiles,
    invalid,
  };
};

test('is not good where nothing was sent, and says why each value was left out', () => {
  const answer = {
    success: 'error',
    outcome: 'invalid',
    detail: 'There is no valid identifier.',
    BRAZE_INVALID_FIELDS: 'external_id,attributes.dob',
  };
  const run = toRun({
    answer,
    bodies: [],
    invalid: new Map([
      ['external_id', 'missing'],
      ['attributes.dob', 'ambiguous_date'],
    ]),
  });
  expect([isGood(run), isGood(toRun({}))]).toEqual([false, true]);
  const report = toReport(run);
  expect(report).toContain('invalid: There is no valid identifier.');
  expect(report).toContain('Left out\n  external_id: It is required and was not given. (missing)\n  attributes.dob: ');
  expect(report).toContain('(it received nothing)\n  no profile\n');
});

test('names what Braze refused', () => {
  const answer = { ...SENT, outcome: 'partial', BRAZE_INVALID_FIELDS: 'event' };
  expect(toReport(toRun({ answer }))).toContain('  event: Braze refused it. (refused_by_braze)');
});

test('shows why Braze refuses a request', () => {
  const answer = { success: 'error', outcome: 'rejected', detail: 'Braze rejected the request (400).' };
  const report = toReport(toRun({ answer, bodies: [{ attributes: 'none' }] }));
  expect(report).toContain('Braze refuses the request\n  {"message":"\'attributes\' must be an array of objects"}');
  expect(report).toContain('Braze holds (POST /users/track, answered 400)');
  expect(toReport(toRun({}))).not.toContain('Braze refuses');
});

test('shows what a look-up found', () => {
  const answer = { ...SENT, outcome: 'found', BRAZE_FIRST_NAME: 'Ann' };
  expect(toReport(toRun({ answer }))).toContain('The flow gets\n  BRAZE_FIRST_NAME  "Ann"');
});

test('escapes what a terminal would obey, and cuts what is long', () => {
  const payload = { external_id: '\u009b31m\u202eann', note: 'x'.repeat(500) };
  const report = toReport(toRun({ payload }));
  expect(report).toContain('external_id  "\\u009b31m\\u202eann"');
  expect(report.split('\n').every((line) => line.length <= 130)).toBe(true);
});
