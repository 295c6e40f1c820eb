import { mapPayload } from '../../support/map-payload.ts';

// The whole way from a payload to the request, as literals.

test('maps the partner page’s conversation with the unclean values of a real flow', () => {
  const payload = {
    external_id: ' customer-20417 ',
    attributes: {
      FIRST_NAME: '  Ada ',
      LAST_NAME: 'Love\u00a0 lace',
      email: 'Ada.Lovelace@Example.COM ',
      date_of_birth: 'December 10, 1985',
      home_city: '<<far fa-map-marker>> London',
      phone: 'None',
      loyalty_number: '0042',
      newsletter: { $boolean: 'yes' },
      interests: { $list: 'trains, music ,None' },
      company: '{COMPANY}',
    },
    event: { name: 'conversation_started', properties: { flow: 'Summer sale', entry_point: 'undefined' } },
    session: ['operating_system', 'language', 'page', 'utm'],
  };
  const userData = {
    platform: 'Mac OS X10_14_4',
    browser_language: 'en-GB',
    last_viewed_url: 'https://shop.example.com/sale/trains?utm_source=newsletter&utm_campaign=summer&session=secret',
  };
  expect(mapPayload(payload, { userData })).toStrictEqual({
    body: {
      attributes: [
        {
          external_id: 'customer-20417',
          operating_system: 'macOS',
          language: 'en',
          first_name: 'Ada',
          last_name: 'Love lace',
          email: 'ada.lovelace@example.com',
          dob: '1985-12-10',
          home_city: 'London',
          loyalty_number: '0042',
          newsletter: true,
          interests: ['trains', 'music'],
        },
      ],
      events: [
        {
          external_id: 'customer-20417',
          name: 'conversation_started',
          time: '2026-05-01T10:00:00.000Z',
          properties: {
            page: 'https://shop.example.com/sale/trains',
            utm_source: 'newsletter',
            utm_campaign: 'summer',
            flow: 'Summer sale',
          },
        },
      ],
      partner: 'pypestream',
    },
    paths: { attributes: ['attributes'], events: ['event'], purchases: [] },
    BRAZE_INVALID_FIELDS: '',
  });
});

test('maps the smallest payload', () => {
  expect(mapPayload({ email: 'a@b.co', event: { name: 'came' } })).toStrictEqual({
    body: {
      events: [{ email: 'a@b.co', name: 'came', time: '2026-05-01T10:00:00.000Z' }],
      partner: 'pypestream',
    },
    paths: { attributes: [], events: ['event'], purchases: [] },
    BRAZE_INVALID_FIELDS: '',
  });
});

test('maps a payload with everything in it, some of it invalid', () => {
  const payload = {
    user_alias: { alias_name: 'chat-7', alias_label: 'pypestream' },
    email: 'Ann@Example.com',
    phone: '(415) 555-0100',
    update_existing_only: 'false',
    attributes: {
      _merge_objects: 'true',
      firstName: 'Ann',
      gender: 'whatever',
      country: 'USA',
      home_city: null,
      dob: '30 Feb 1980',
      birthday: '1980-02-29',
      external_id: 'somebody else',
      address: { street: 'Main St', zip: '02139', 'apt.': '7', since: { $time: '2020-01-01' } },
      visits: { inc: '1' },
      tags: { add: ['vip', null], remove: ['new'] },
      plan: 'x'.repeat(256),
    },
    events: [
      { name: 'quote_requested', time: '1777629600', properties: { amount: { $number: '12.50' }, time: 'noon' } },
      { name: 'no time', time: 'yesterday' },
      {
        name: 'ecommerce.product_viewed',
        time: '2026-05-01T09:00:00-01:00',
        properties: {
          product_id: 'mug',
          product_name: 'Mug',
          variant_id: 'blue',
          price: '12.5',
          currency: 'usd',
          source: 'chat',
        },
      },
    ],
    purchase: {
      product_id: 'mug',
      currency: 'usd',
      price: '12.50',
      quantity: '2.0',
      properties: { price: 1, color: 'blue' },
    },
    purchases: [{ product_id: 'cup', currency: 'dollars', price: 1 }],
  };
  const identity = {
    user_alias: { alias_name: 'chat-7', alias_label: 'pypestream' },
    _update_existing_only: false,
  };
  expect(mapPayload(payload)).toStrictEqual({
    body: {
      attributes: [
        {
          ...identity,
          email: 'ann@example.com',
          phone: '+14155550100',
          _merge_objects: true,
          first_name: 'Ann',
          country: 'US',
          home_city: null,
          dob: '1980-02-29',
          address: { street: 'Main St', zip: '02139', since: { $time: '2020-01-01' } },
          visits: { inc: 1 },
          tags: { add: ['vip'], remove: ['new'] },
        },
      ],
      events: [
        { ...identity, name: 'quote_requested', time: '2026-05-01T10:00:00.000Z', properties: { amount: 12.5 } },
        {
          ...identity,
          name: 'ecommerce.product_viewed',
          time: '2026-05-01T10:00:00.000Z',
          properties: {
            product_id: 'mug',
            product_name: 'Mug',
            variant_id: 'blue',
            price: 12.5,
            currency: 'USD',
            source: 'chat',
          },
        },
      ],
      purchases: [
        {
          ...identity,
          product_id: 'mug',
          currency: 'USD',
          price: 12.5,
          quantity: 2,
          properties: { color: 'blue' },
          time: '2026-05-01T10:00:00.000Z',
        },
      ],
      partner: 'pypestream',
    },
    paths: { attributes: ['attributes'], events: ['events.0', 'events.2'], purchases: ['purchase'] },
    BRAZE_INVALID_FIELDS: [
      'attributes.gender',
      'attributes.dob',
      'attributes.external_id',
      'attributes.address.apt.',
      'attributes.tags.add.1',
      'attributes.plan',
      'events.0.properties.time',
      'events.1.time',
      'purchase.properties.price',
      'purchases.0.currency',
    ].join(','),
  });
});

test.each<[string, object, string]>([
  ['an identity alone', { external_id: 'u' }, ''],
  ['attributes that are all absent', { external_id: 'u', attributes: { plan: 'None', first_name: '{NAME}' } }, ''],
  [
    'attributes that are all invalid',
    { external_id: 'u', attributes: { dob: 'x', $a: 1 } },
    'attributes.dob,attributes.$a',
  ],
  ['empty lists', { external_id: 'u', events: [], purchases: [], attributes: {} }, ''],
  ['an event without a name', { external_id: 'u', event: { name: 'None' } }, 'event.name'],
  ['a session nobody told of', { external_id: 'u', session: ['page', 'operating_system'] }, ''],
  ['what another node would take', { external_id: 'u', name: 'came', canvas_id: 'c' }, 'name,canvas_id'],
])('has nothing to send for %s', (_, payload, BRAZE_INVALID_FIELDS) => {
  expect(mapPayload(payload)).toStrictEqual({ body: undefined, paths: undefined, BRAZE_INVALID_FIELDS });
});

test('unsets with null what can be unset, and ignores it elsewhere', () => {
  const payload = {
    ...{ external_id: 'u', user_alias: null, braze_id: null, email: null, phone: null, strict: null },
    ...{ update_existing_only: null, session: null, event: null, events: [null], purchase: null, purchases: null },
    attributes: { first_name: null, plan: null },
  };
  expect(mapPayload(payload)).toStrictEqual({
    body: {
      attributes: [{ external_id: 'u', email: null, phone: null, first_name: null, plan: null }],
      partner: 'pypestream',
    },
    paths: { attributes: ['attributes'], events: [], purchases: [] },
    BRAZE_INVALID_FIELDS: '',
  });
});

test.each<[unknown]>([['x'], [5], [true], [[1]]])('reports %j in every place', (wrong) => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload({
    external_id: 'u',
    ...{ update_existing_only: wrong, strict: wrong, session: wrong, attributes: wrong },
    ...{ event: wrong, purchase: wrong, email: wrong, phone: wrong },
  });
  expect(body).toBeUndefined();
  const isYes = wrong === true;
  const isList = Array.isArray(wrong);
  const invalid = [
    'strict',
    'update_existing_only',
    'email',
    'phone',
    'attributes',
    'event',
    'purchase',
    isList ? 'session.0' : 'session',
  ];
  expect(BRAZE_INVALID_FIELDS).toBe(invalid.slice(isYes ? 2 : 0).join(','));
});

test('lists the path of each of 76 objects', () => {
  const { paths } = mapPayload({
    external_id: 'u',
    attributes: { plan: 'gold' },
    events: Array(74).fill({ name: 'e' }),
    purchase: { product_id: 'p', currency: 'EUR', price: 1 },
  });
  expect(Object.values(paths ?? {}).flat()).toHaveLength(76);
});
