import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { IDENTIFIERS } from '../../lib/payload/identity.ts';
import { INVALID_REASONS } from '../../lib/payload/invalid-reason.ts';
import { profileFields } from '../../lib/payload/profile-fields.ts';
import { FieldContext, InvalidPaths } from '../../lib/payload/schema.ts';
import { generateDocs } from '../../tools/docs/generated.ts';
import { toRecipe } from '../../tools/docs/recipe.ts';
import { toSchema } from '../../tools/docs/schema.ts';
import { getIdentifiers, readNodes } from '../../tools/nodes.ts';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
  formats: { uuid: true, uri: true },
});

const nodes = readdirSync('handlers')
  .toSorted()
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((node) => node !== 'redeliver');

const declared = async (node: string) => {
  const found = (await readNodes()).nodes.find((other) => other.name === node);
  if (found === undefined) throw new Error(`There is no node ${node}.`);
  return found;
};

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a payload: nothing, if all is well. */
const faults = async (node: string, payload: object): Promise<readonly string[]> => {
  const validate = validators.get(node) ?? ajv.compile(toSchema(await declared(node)));
  validators.set(node, validate);
  validate(payload);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the generated files', () => {
  test('are up to date; if not, run: npm run docs', async () => {
    const files = await generateDocs();
    expect([...files.keys()]).toEqual([
      'docs/nodes.md',
      'docs/endpoints.md',
      ...nodes.map((node) => `schemas/${node}.json`),
    ]);
    expect(
      readdirSync('schemas')
        .toSorted()
        .map((file) => `schemas/${file}`),
    ).toEqual([...files.keys()].slice(2));
    for (const [path, text] of files) {
      expect([path, existsSync(path) ? readFileSync(path, 'utf8') : undefined]).toEqual([path, text]);
    }
  });

  test('are the same each time', async () => {
    expect(await generateDocs()).toEqual(await generateDocs());
  });
});

describe('docs/nodes.md', () => {
  test('describes each node, its endpoint and permission, the reasons, and redeliver', async () => {
    const page = (await generateDocs()).get('docs/nodes.md') ?? '';
    for (const node of nodes) {
      const { description, endpoint } = await declared(node);
      expect(page).toContain(`\n## ${node}\n\n${description}\n`);
      expect(page).toContain(
        `| ${`[${node}](#${node})`} | ${description.replaceAll('|', '\\|')} | \`${endpoint.method ?? 'POST'} /${endpoint.path}\` | \`${endpoint.permission}\` |`,
      );
      expect(page).toContain(`\n### ${node} in Design Studio\n`);
    }
    expect(page).toContain('No flow calls `redeliver`.');
    for (const reason of Object.keys(INVALID_REASONS)) expect(page).toContain(`| \`${reason}\` |`);
    expect(page).not.toMatch(/undefined\b(?!`)|\[object|NaN(?!`)/);
  });

  test('has no broken link', async () => {
    const page = (await generateDocs()).get('docs/nodes.md') ?? '';
    const headings = new Set(
      [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-')),
    );
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('https://www.braze.com/docs/')) continue;
      const leads = target.startsWith('#') ? headings.has(target.slice(1)) : existsSync(`docs/${target}`);
      expect([target, leads]).toEqual([target, true]);
    }
  });
});

describe.each(nodes)('%s', (node) => {
  test('has a valid schema, which accepts its sample event', async () => {
    const schema = toSchema(await declared(node));
    expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
    expect(await faults(node, JSON.parse(readFileSync(`events/${node}.json`, 'utf8')).payload)).toEqual([]);
  });

  test('has a schema that refuses a payload of another node, and one without an identifier it needs', async () => {
    const definition = await declared(node);
    const { parameterInput } = toRecipe(definition);
    expect(await faults(node, { ...parameterInput, node: 'other' })).toEqual(['/node must be equal to constant']);
    const anonymous = Object.entries(parameterInput).filter(([name]) => !IDENTIFIERS.some((known) => known === name));
    const isPersonal = getIdentifiers(definition).length > 0;
    expect((await faults(node, Object.fromEntries(anonymous))).length > 0).toBe(isPersonal);
  });

  test('has a recipe that its schema accepts, with a branch for each of its outcomes', async () => {
    const { outcomes = {}, ...rest } = await declared(node);
    const { parameterInput, output, variable, whatNext } = toRecipe({ ...rest, outcomes });
    expect(await faults(node, parameterInput)).toEqual([]);
    expect(whatNext.outcome).toEqual(expect.arrayContaining(['sent', 'unavailable', ...Object.keys(outcomes)]));
    expect(whatNext.success).toEqual(expect.arrayContaining(['true', 'error', ...Object.values(outcomes)]));
    expect(output).toEqual(['success', 'outcome', ...variable]);
    expect(variable).toContain('BRAZE_INVALID_FIELDS');
  });
});

test('the example of get-profile names the variables that its answer sets', async () => {
  const { example } = await declared('get-profile');
  const fields = profileFields.parse(
    ['first_name', 'custom_attributes.loyalty_number'],
    new FieldContext({ now: 0 }, new InvalidPaths()),
  );
  expect(example).toEqual({
    payload: { external_id: '{CUSTOMER_ID}', fields: ['first_name', 'custom_attributes.loyalty_number'] },
    variables: fields?.map(({ key }) => key),
  });
});

const who = { external_id: 'u' };
const price = { ...who, product_id: 'p', currency: 'EUR', price: 1 };

test.each<[string, object]>([
  ['track-user', { email: '{EMAIL}', attributes: { first_name: null, dob: 'None', own: { $number: '{A}' } } }],
  [
    'track-user',
    { ...who, attributes: { email_subscribe: ' {CHOICE} ', email_open_tracking_disabled: { $boolean: '{B}' } } },
  ],
  ['track-user', { ...who, events: [{ name: 'e', time: { $time: '{WHEN}' } }], session: { $list: '{WORDS}' } }],
  ['track-user', { ...who, email: null, strict: 'yes', update_existing_only: true, node: 'track-user' }],
  [
    'track-purchase',
    { ...price, currency: '{CURRENCY}', price: { $number: '{PRICE}' }, quantity: { $integer: '{N}' } },
  ],
  ['trigger-canvas', { ...who, canvas_id: 'c', canvas_entry_properties: { a: 1 } }],
  [
    'track-event',
    {
      ...who,
      name: 'ecommerce.product_viewed',
      properties: {
        product_id: '{ID}',
        product_name: 'Mug',
        variant_id: 7,
        price: { $number: '{PRICE}' },
        currency: '{CURRENCY}',
        source: 'chat',
        color: 'red',
      },
    },
  ],
])('the schema of %s accepts %j', async (node, payload) => {
  expect(await faults(node, payload)).toEqual([]);
});

test.each<[string, object]>([
  ['track-user', { ...who, attributes: '{ATTRIBUTES}' }],
  ['track-user', { ...who, attributes: { external_id: 'v' } }],
  ['track-user', { ...who, attributes: { email_subscribe: 'maybe' } }],
  ['track-user', { ...who, event: { properties: {} } }],
  ['track-user', { ...who, event: { name: 'e', properties: { event_name: 'e' } } }],
  ['track-user', { ...who, session: ['weather'] }],
  ['track-user', { user_alias: { alias_name: 'chat-7' } }],
  ['track-purchase', { ...price, currency: 'Euro' }],
  ['trigger-canvas', { phone: '+14155550100', canvas_id: 'c' }],
  ['identify-user', { email: 'ada@example.com' }],
  ['track-user', { ...who, first_name: 'Ada' }],
  ['track-user', { ...who, event: { name: 'e', property: { a: 1 } } }],
  ['track-user', { ...who, purchases: [{ ...price, external_id: undefined, note: 'x' }] }],
  ['track-user', { user_alias: { alias_name: 'a', alias_label: 'b', note: 'x' } }],
  ['track-event', { ...who, name: 'e', canvas_entry_properties: {} }],
  ['track-event', { ...who, name: 'ecommerce.order_placed', properties: { order_id: 'o' } }],
  ['track-user', { ...who, events: [{ name: 'ecommerce.product_viewed' }] }],
])('the schema of %s refuses %j', async (node, payload) => {
  expect(await faults(node, payload)).not.toEqual([]);
});
