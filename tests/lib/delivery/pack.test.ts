import fc from 'fast-check';
import { type PackedRequest, pack, type ReceivedMessage } from '../../../lib/delivery/pack.ts';
import type { JsonObject } from '../../../lib/json.ts';

const MEGABYTE = 1_024 * 1_024;

interface Made {
  readonly person?: JsonObject;
  readonly time?: string;
  readonly path?: string;
}

const received = (
  id: string,
  request: JsonObject,
  { time = '10', path = 'users/track' }: Made = {},
): ReceivedMessage => ({
  id,
  message: {
    version: 2,
    node: 'track-user',
    stage: 'sandbox',
    reason: 'busy',
    time: `2026-05-01T${time}:00:00.000Z`,
    method: 'POST',
    path,
    idempotent: false,
    request: { ...request, partner: 'pypestream' },
  },
});

/** A message of so many events about one person. */
const ofEvents = (id: string, events: number, { person = { external_id: id }, ...made }: Made = {}): ReceivedMessage =>
  received(id, { events: Array.from({ length: events }, (_, n) => ({ ...person, name: `${id}-${n}` })) }, made);

const ids = (packed: readonly PackedRequest[]) => packed.map((one) => one.messages.map(({ id }) => id));
const toList = (value: JsonObject[string] | undefined) => (Array.isArray(value) ? value : []);
const objectsIn = ({ body }: PackedRequest) =>
  ['attributes', 'events', 'purchases'].reduce((sum, array) => sum + toList(body[array]).length, 0);

describe('messages in one request', () => {
  test('share its arrays, the earliest calls first', () => {
    const ann = { external_id: 'ann' };
    const [packed, ...more] = pack([
      received('late', { attributes: [{ ...ann, city: 'Rome' }], events: [{ ...ann, name: 'left' }] }, { time: '12' }),
      received('early', { events: [{ ...ann, name: 'came' }] }, { time: '09' }),
      received('noon', { purchases: [{ ...ann, product_id: 'p' }], attributes: [{ ...ann, city: 'Oslo' }] }),
    ]);
    expect(more).toEqual([]);
    expect(packed?.path).toBe('users/track');
    expect(packed?.body).toEqual({
      attributes: [
        { ...ann, city: 'Oslo' },
        { ...ann, city: 'Rome' },
      ],
      events: [
        { ...ann, name: 'came' },
        { ...ann, name: 'left' },
      ],
      purchases: [{ ...ann, product_id: 'p' }],
      partner: 'pypestream',
    });
    expect(packed?.messages.map(({ id }) => id)).toEqual(['early', 'noon', 'late']);
  });

  test('are found as the owners of their objects', () => {
    const [packed] = pack([ofEvents('b', 1, { time: '11' }), ofEvents('a', 2)]);
    expect(packed?.owners.events?.map(({ owner, index }) => [owner.id, index])).toEqual([
      ['a', 0],
      ['a', 1],
      ['b', 0],
    ]);
  });

  test('have at most 75 objects', () => {
    expect(ids(pack([ofEvents('a', 74), ofEvents('b', 1)]))).toEqual([['a', 'b']]);
    expect(ids(pack([ofEvents('a', 74), ofEvents('b', 2)]))).toEqual([['a'], ['b']]);
  });

  test('have at most 4 MB', () => {
    const heavy = (id: string, megabytes: number) =>
      received(id, { events: [{ external_id: id, name: 'x'.repeat(megabytes * MEGABYTE) }] });
    expect(ids(pack([heavy('a', 3), heavy('b', 0.9), heavy('c', 1.5), heavy('d', 2.4)]))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('are measured in bytes, not characters', () => {
    const heavy = (id: string) => received(id, { events: [{ external_id: id, name: 'é'.repeat(1.2 * MEGABYTE) }] });
    expect(pack([heavy('a'), heavy('b')])).toHaveLength(2);
  });
});

describe('packing', () => {
  test('makes no request without messages', () => {
    expect(pack([])).toEqual([]);
  });

  test('makes a request of its own for a message that is too large', () => {
    expect(ids(pack([ofEvents('giant', 80), ofEvents('a', 1)]))).toEqual([['giant'], ['a']]);
  });

  test('makes a request of its own for a message for another endpoint', () => {
    const request = { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] };
    const packed = pack([received('c', request, { path: 'canvas/trigger/send' }), ofEvents('a', 1)]);
    expect(ids(packed)).toEqual([['c'], ['a']]);
    expect(packed[0]).toMatchObject({
      path: 'canvas/trigger/send',
      body: { ...request, partner: 'pypestream' },
      owners: {},
    });
  });

  test('keeps the order of the calls over all requests', () => {
    const times = ['10', '12', '09', '11'];
    const packed = pack(times.map((time) => ofEvents(time, 40, { time })));
    expect(ids(packed)).toEqual([['09'], ['10'], ['11'], ['12']]);
  });

  test('loses, duplicates and splits no message, and begins a request only when the one before is full', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 75 }), hour: fc.integer({ min: 10, max: 23 }) }), {
          maxLength: 30,
        }),
        (said) => {
          const all = said.map(({ size, hour }, index) => ofEvents(`${index}`, size, { time: `${hour}` }));
          const packed = pack(all);
          const times = packed.flatMap(({ messages }) => messages.map(({ message }) => message.time));
          expect(times).toEqual(all.map(({ message }) => message.time).toSorted());
          expect(ids(packed).flat().toSorted()).toEqual(all.map(({ id }) => id).toSorted());
          const sizes = packed.map(objectsIn);
          expect(sizes.every((size) => size <= 75)).toBe(true);
          for (const [index, { messages }] of packed.entries()) {
            const first = messages.slice(0, 1).map(({ message }) => toList(message.request.events).length);
            if (index > 0) expect(Number(sizes[index - 1]) + Number(first[0])).toBeGreaterThan(75);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
