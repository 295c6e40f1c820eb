import fc from 'fast-check';

/** Addresses at the edge of what Braze takes, which differs by domain. */
const address = fc
  .tuple(
    fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom(
        "o'brien",
        'zoë',
        'a.b',
        'a..b',
        '.a',
        'a.',
        'a+b',
        '+b',
        '-a',
        '_a-',
        'a&b',
        'a#',
        '用户',
        'a',
        'a b',
      ),
    ),
    fc.constantFrom(
      'example.com',
      'gmail.com',
      'hotmail.com',
      'live.co.uk',
      'exämple.de',
      'xn--exmple-cua.de',
      'a.museum',
    ),
  )
  .map((parts) => parts.join('@'));

/** Texts as flows and hostile people write them. */
const text = fc.oneof(
  address,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    '',
    'None',
    'null',
    'undefined',
    'NaN',
    '{NAME}',
    '{{NAME}}',
    '<<far fa-x>> Yes',
    '<<',
    '>>',
    'Visitor',
  ),
  fc.constantFrom('Ada', '02139', '12.50', '-3', 'yes', 'gold', '2026-05-01', '1777629600'),
  fc.constantFrom('a@b.co', 'Ann@Example.com', '+14155550100', 'DE', 'fr-CA', 'Europe/Berlin', 'woman', '21.12.1980'),
  fc.constantFrom('2026-05-01T10:00:00Z', 'opted_in', 'EUR', 'https://a.b/c', '\ud800', '\u0000', '\u200b', '🎉'),
  fc.constantFrom('x'.repeat(256), '👩'.repeat(255), 'a,b,None', '["a",1]', '[', '$time'),
);

const key = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
  fc.constantFrom('inc', 'add', 'remove', '$add', '$update', '$remove', '$number', '$integer', '$boolean', '$time'),
  fc.constantFrom('$list', '$identifier_key', '$identifier_value', '$new_object', 'a.b', 'a b', '', '$', '\u0000'),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'time', 'event_name'),
);

const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));

const typed = fc
  .tuple(fc.constantFrom('$number', '$integer', '$boolean', '$time', '$list'), text)
  .map(([type, value]) => ({ [type]: value }));

const operator = fc.oneof(
  fc.oneof(scalar, typed).map((inc) => ({ inc })),
  fc.record(
    { add: fc.array(scalar, { maxLength: 4 }), remove: fc.array(scalar, { maxLength: 4 }) },
    { requiredKeys: [] },
  ),
  fc.record(
    {
      $add: fc.array(fc.dictionary(key, scalar, { maxKeys: 3 }), { maxLength: 3 }),
      $update: fc.array(
        fc.record(
          { $identifier_key: text, $identifier_value: scalar, $new_object: fc.dictionary(key, scalar, { maxKeys: 3 }) },
          { requiredKeys: ['$identifier_key', '$new_object'] },
        ),
        { maxLength: 3 },
      ),
      $remove: fc.array(fc.record({ $identifier_key: text, $identifier_value: scalar }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
);

/** Any value that JSON can hold, often one that means something. */
const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    typed,
    operator,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const name = fc.oneof(
  { weight: 2, arbitrary: key },
  fc.constantFrom(
    'first_name',
    'LAST_NAME',
    'lastName',
    'email',
    'Email',
    'phone',
    'dob',
    'birthday',
    'gender',
    'country',
  ),
  fc.constantFrom('COUNTRY', 'language', 'time_zone', 'home_city', 'email_subscribe', 'push_subscribe', 'image_url'),
  fc.constantFrom('current_location', 'subscription_groups', 'date_of_first_session', 'twitter', 'facebook', 'plan'),
  fc.constantFrom('email_open_tracking_disabled', '_merge_objects', 'marked_email_as_spam_at', 'bio', 'push_tokens'),
  fc.constantFrom('external_id', 'EXTERNAL_ID', 'userAlias', 'braze_id', '_update_existing_only', 'push_token_import'),
);

const attributes = fc.dictionary(name, anyValue, { maxKeys: 12 });
const properties = fc.dictionary(key, anyValue, { maxKeys: 5 });
const oddly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 8, arbitrary }, anyValue);

const time = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1777629600', '2026-05-01T10:00:00+02:00', 'None') },
  anyValue,
);
const amount = oddly(fc.constantFrom('2.50', 3, 0));
const product = fc.record(
  {
    product_id: oddly(fc.constant('mug')),
    product_name: oddly(fc.constant('Mug')),
    variant_id: oddly(fc.constant('blue')),
    quantity: oddly(fc.constant('2')),
    price: amount,
    image_url: oddly(fc.constant('https://a.b/c')),
    size: anyValue,
    metadata: oddly(properties),
  },
  { requiredKeys: ['product_id', 'product_name', 'variant_id', 'quantity', 'price'] },
);
/** The properties of all recommended events in one, so that each has some that Braze does not know there. */
const purchased = fc.record(
  {
    // Braze ignores an update of a cart that is in checkout or has a later one.
    cart_id: fc.uuid(),
    checkout_id: oddly(fc.constant('k')),
    order_id: oddly(fc.constant('o')),
    cancel_reason: oddly(fc.constant('late')),
    currency: oddly(fc.constant('usd')),
    source: oddly(fc.constant('chat')),
    total_value: amount,
    products: oddly(fc.array(oddly(product), { maxLength: 3 })),
    product_id: oddly(fc.constant('mug')),
    product_name: oddly(fc.constant('Mug')),
    variant_id: oddly(fc.constant('blue')),
    price: amount,
    type: oddly(fc.constant(['price_drop'])),
    action: oddly(fc.constantFrom('add', 'replace')),
    tax: amount,
    discounts: oddly(fc.array(oddly(fc.record({ code: text, amount })), { maxLength: 2 })),
    note: anyValue,
    metadata: oddly(properties),
  },
  {
    requiredKeys: [
      'cart_id',
      'checkout_id',
      'order_id',
      'cancel_reason',
      'currency',
      'source',
      'products',
      'product_id',
      'price',
    ],
  },
);
const RECOMMENDED = [
  'product_viewed',
  'cart_updated',
  'checkout_started',
  'order_placed',
  'order_cancelled',
  'order_refunded',
].map((name) => `ecommerce.${name}`);
const event = fc.oneof(
  fc.record({ name: oddly(text), time, properties: oddly(properties) }, { requiredKeys: ['name'] }),
  fc.record({ name: fc.constantFrom(...RECOMMENDED), properties: oddly(purchased) }),
);
const purchase = fc.record(
  {
    product_id: oddly(text),
    currency: oddly(fc.constantFrom('usd', 'EUR')),
    price: oddly(fc.constantFrom('12.50', 0, -3)),
    quantity: oddly(fc.constantFrom('1', 100)),
    time,
    properties: oddly(properties),
  },
  { requiredKeys: ['product_id', 'currency', 'price'] },
);

/** As it comes over a wire; JSON has no -0, for one. */
export const asJson = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  arbitrary.map((value) => JSON.parse(JSON.stringify(value)));

/** Payloads as a flow might send them, with anything anywhere. */
export const anyPayload: fc.Arbitrary<object> = asJson(
  fc.record(
    {
      external_id: oddly(text),
      user_alias: oddly(fc.record({ alias_name: text, alias_label: text })),
      braze_id: oddly(text),
      email: oddly(fc.oneof(address, text)),
      phone: oddly(text),
      update_existing_only: anyValue,
      strict: fc.oneof(fc.constant('false'), anyValue),
      attributes: oddly(attributes),
      event: oddly(event),
      events: oddly(fc.array(oddly(event), { maxLength: 4 })),
      purchase: oddly(purchase),
      purchases: oddly(fc.array(oddly(purchase), { maxLength: 4 })),
      session: oddly(fc.subarray(['operating_system', 'language', 'browser', 'page', 'utm', 'x'])),
    },
    { requiredKeys: [] },
  ),
);

export const anyUserData: fc.Arbitrary<unknown> = asJson(
  fc.oneof(
    anyValue,
    fc.record({
      platform: oddly(fc.constantFrom('iPhone', 'Win32')),
      user_browser: oddly(fc.constantFrom('Chrome 120', 'Safari')),
      browser_language: oddly(text),
      last_viewed_url: oddly(fc.webUrl({ withQueryParameters: true })),
    }),
  ),
);
