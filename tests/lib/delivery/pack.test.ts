import fc from 'fast-check';
import { type Packed, pack, type Received } from '../../../lib/delivery/pack.ts';
import type { JsonObject } from '../../../lib/json.ts';

const MEGABYTE = 1_024 * 1_024;

interface Made {
  readonly person?: JsonObject;
  readonly time?: string;
  readonly endpoint?: string;
}

const received = (id: string, request: JsonObject, { time = '10', endpoint = 'users/track' }: Made = {}): Received => ({
  id,
  message: {
    version: 1,
    node: 'track-user',
    stage: 'sandbox',
    reason: 'busy',
    time: `2026-05-01T${time}:00:00.000Z`,
    endpoint,
    replay_safe: false,
    request: { ...request, partner: 'pypestream' },
  },
});

/** A message of so many events about one person. */
const ofEvents = (id: string, events: number, { person = { external_id: id }, ...made }: Made = {}): Received =>
  received(id, { events: Array.from({ length: events }, (_, n) => ({ ...person, name: `${id}-${n}` })) }, made);

const ids = (packed: readonly Packed[]) => packed.map((one) => one.received.map(({ id }) => id));
const listOf = (value: JsonObject[string] | undefined) => (Array.isArray(value) ? value : []);
const objectsIn = ({ body }: Packed) =>
  ['attributes', 'events', 'purchases'].reduce((sum, array) => sum + listOf(body[array]).length, 0);

/** The fewest requests of 75 objects that hold messages of these sizes, found by trying everything. */
const fewest = (sizes: readonly number[]): number => {
  const sorted = sizes.toSorted((a, b) => b - a);
  let best = sorted.length;
  const place = (next: number, rooms: readonly number[]): void => {
    if (rooms.length >= best) return;
    const size = sorted[next];
    if (size === undefined) {
      best = rooms.length;
      return;
    }
    for (const [index, room] of rooms.entries()) {
      // Two rooms of one size are the same room.
      if (room >= size && rooms.indexOf(room) === index) place(next + 1, rooms.with(index, room - size));
    }
    place(next + 1, [...rooms, 75 - size]);
  };
  place(0, []);
  return best;
};

describe('messages in one request', () => {
  test('share its arrays, the earliest words first', () => {
    const ann = { external_id: 'ann' };
    const [packed, ...more] = pack([
      received('late', { attributes: [{ ...ann, city: 'Rome' }], events: [{ ...ann, name: 'left' }] }, { time: '12' }),
      received('early', { events: [{ ...ann, name: 'came' }] }, { time: '09' }),
      received('noon', { purchases: [{ ...ann, product_id: 'p' }], attributes: [{ ...ann, city: 'Oslo' }] }),
    ]);
    expect(more).toEqual([]);
    expect(packed?.endpoint).toBe('users/track');
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
    expect(packed?.received.map(({ id }) => id)).toEqual(['early', 'noon', 'late']);
  });

  test('still own their objects', () => {
    const [packed] = pack([ofEvents('b', 1, { time: '11' }), ofEvents('a', 2)]);
    expect(packed?.owners.events?.map(({ owner, object }) => [owner.id, object.name])).toEqual([
      ['a', 'a-0'],
      ['a', 'a-1'],
      ['b', 'b-0'],
    ]);
  });

  test('have 75 objects at most', () => {
    expect(ids(pack([ofEvents('a', 74), ofEvents('b', 1)]))).toEqual([['a', 'b']]);
    expect(ids(pack([ofEvents('a', 74), ofEvents('b', 2)]))).toEqual([['a'], ['b']]);
  });

  test('have four megabytes at most', () => {
    const heavy = (id: string, megabytes: number) =>
      received(id, { events: [{ external_id: id, name: 'x'.repeat(megabytes * MEGABYTE) }] });
    expect(ids(pack([heavy('a', 3), heavy('b', 1.5), heavy('c', 0.9), heavy('d', 2.4)]))).toEqual([
      ['a', 'c'],
      ['d', 'b'],
    ]);
  });

  test('count bytes and not characters', () => {
    const heavy = (id: string) => received(id, { events: [{ external_id: id, name: 'é'.repeat(1.2 * MEGABYTE) }] });
    expect(pack([heavy('a'), heavy('b')])).toHaveLength(2);
  });
});

describe('packing', () => {
  test('makes nothing of nothing', () => {
    expect(pack([])).toEqual([]);
  });

  test('leaves a message alone that is too large for any request', () => {
    expect(ids(pack([ofEvents('giant', 80), ofEvents('a', 1)]))).toEqual([['giant'], ['a']]);
  });

  test('makes a request of its own of a message for another endpoint', () => {
    const request = { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] };
    const packed = pack([received('c', request, { endpoint: 'canvas/trigger/send' }), ofEvents('a', 1)]);
    expect(ids(packed)).toEqual([['a'], ['c']]);
    expect(packed[1]).toMatchObject({
      endpoint: 'canvas/trigger/send',
      body: { ...request, partner: 'pypestream' },
      owners: {},
    });
  });

  test.each<[string, JsonObject]>([
    ['external_id', { external_id: 'ann' }],
    ['alias', { user_alias: { alias_name: 'ann', alias_label: 'chat' } }],
    ['braze_id', { braze_id: 'ann' }],
    ['email', { email: 'ann@example.com' }],
    ['phone', { phone: '+15550100' }],
  ])('keeps together what was said by one person, known by %s', (_name, person) => {
    const others = [38, 37, 36].map((size) => ofEvents(`other-${size}`, size));
    const packed = pack([ofEvents('a', 38, { person }), ...others, ofEvents('b', 37, { person, time: '11' })]);
    expect(packed).toHaveLength(3);
    expect(ids(packed)).toContainEqual(['a', 'b']);
  });

  test('takes an email that reads like an id for another person', () => {
    const packed = pack([
      ofEvents('a', 40, { person: { external_id: 'ann@example.com' } }),
      ofEvents('b', 30, { person: { email: 'ann@example.com' } }),
      ofEvents('c', 35, { person: { email: 'bob@example.com' } }),
      ofEvents('d', 45, { person: { email: 'ann@example.com' } }),
    ]);
    expect(ids(packed)).toEqual([
      ['b', 'd'],
      ['a', 'c'],
    ]);
  });

  test('parts one person rather than send a request more', () => {
    const person = { external_id: 'ann' };
    const parted = [ofEvents('a', 40, { person }), ofEvents('b', 20, { person }), ofEvents('c', 35), ofEvents('d', 55)];
    expect(ids(pack(parted)).map((request) => request.toSorted())).toEqual([
      ['b', 'd'],
      ['a', 'c'],
    ]);
  });

  test('parts a person who said more than fits one request', () => {
    const person = { external_id: 'ann' };
    expect(ids(pack([ofEvents('a', 60, { person }), ofEvents('b', 60, { person })]))).toEqual([['a'], ['b']]);
  });

  test('needs nine requests where filling the first that has room would need eleven', () => {
    const sizes = [
      [39, 6],
      [20, 6],
      [19, 6],
      [17, 12],
    ].flatMap(([size = 0, times = 0]) => Array(times).fill(size));
    expect(pack(sizes.map((size, index) => ofEvents(`${index}`, size)))).toHaveLength(9);
  });

  test('loses, doubles and splits nothing, and needs at most one request more than the fewest', () => {
    let worst = 0;
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 75 }), person: fc.integer({ min: 0, max: 20 }) }), {
          maxLength: 10,
        }),
        (said) => {
          const all = said.map(({ size, person }, index) =>
            ofEvents(`${index}`, size, { person: { external_id: `p${person}` } }),
          );
          const packed = pack(all);
          expect(ids(packed).flat().toSorted()).toEqual(all.map(({ id }) => id).toSorted());
          expect(packed.every((request) => objectsIn(request) <= 75)).toBe(true);
          const more = packed.length - fewest(said.map(({ size }) => size));
          worst = Math.max(worst, more);
          expect(more).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('needs at most one request more than fit, and little time, for a hundred messages of any size', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(1, 3, 10, 25, 30, 40)
          .chain((largest) => fc.array(fc.integer({ min: 1, max: largest }), { minLength: 100, maxLength: 100 })),
        (sizes) => {
          const began = performance.now();
          const packed = pack(sizes.map((size, index) => ofEvents(`${index}`, size)));
          expect(performance.now() - began).toBeLessThan(1_000);
          const least = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 75);
          expect(packed.length - least).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
