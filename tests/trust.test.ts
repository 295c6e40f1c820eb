import { readdirSync, readFileSync } from 'node:fs';
import { createIdentityToken } from '../lib/entry/identity-token.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { getIdentifiers, readNodes, toDefinitionName } from '../tools/nodes.ts';
import { startStage, type TestStage } from './support/stage.ts';

/** The lines of the table in docs/trust.md: what a false identity can do with each node. */
const table = readFileSync('docs/trust.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, node = '', , protections = '']) => ({
    node: node.replaceAll('`', ''),
    protections: protections === '–' ? [] : protections.split('; '),
  }));

const nodes = readdirSync('handlers')
  .map((file) => file.replace('.ts', ''))
  .filter((node) => node !== 'redeliver');
const lines = table.filter(({ node }) => nodes.includes(node));

const SECRET = 'the link secret of the sandbox stage';
const PERSON = 'customer-20417';
const EMAIL = 'ada@example.com';

let stage: TestStage;
beforeAll(async () => {
  stage = await startStage();
});
beforeEach(() => {
  stage.reset();
  stage.setParameter('link_secret', SECRET);
});
afterAll(() => stage.close());

interface Payload {
  readonly [key: string]: unknown;
}
const samplePayload = (node: string): Payload => JSON.parse(readFileSync(`events/${node}.json`, 'utf8')).payload;

/** What the flow is told, and everything that Braze was asked. */
const call = async (node: string, payload: Payload) => {
  const definition = (await import(`../handlers/${node}.ts`))[toDefinitionName(node)];
  const handler: (event: unknown) => Promise<unknown> = createHandler(definition, stage.createRuntime());
  const before = stage.braze.requests.length;
  const { result } = await stage.capture(() => handler({ payload }));
  return {
    answer: result as { readonly [key: string]: string },
    asked: JSON.stringify(
      stage.braze.requests.slice(before).map(({ path, query, json }) => [path, decodeURIComponent(query), json]),
    ),
  };
};
const NOTHING = '[]';

const signed = ({ external_id, ...payload }: Payload): Payload => ({
  ...payload,
  signed_id: createIdentityToken(PERSON, Math.floor(Date.now() / 1_000) + 3_600, SECRET),
});

/** What each sentence of the table's third column says, tried. */
const PROTECTIONS: { readonly [sentence: string]: (node: string) => Promise<void> } = {
  'found by email or phone number alone, no identifier, contact or birth date is returned': async (node) => {
    await call('track-user', {
      external_id: PERSON,
      email: EMAIL,
      attributes: { first_name: 'Ada', dob: '1980-12-21' },
    });
    const fields = ['first_name', 'external_id', 'email', 'phone', 'dob'];
    const { answer } = await call(node, { email: EMAIL, fields });
    expect(answer).toMatchObject({
      BRAZE_FIRST_NAME: 'Ada',
      BRAZE_INVALID_FIELDS: 'fields.1,fields.2,fields.3,fields.4',
    });
    expect(answer).not.toHaveProperty('BRAZE_DOB');
    expect((await call(node, signed({ fields }))).answer).toMatchObject({
      BRAZE_DOB: expect.stringContaining('1980-12-21'),
      BRAZE_EMAIL: EMAIL,
      BRAZE_IDENTITY: 'verified',
    });
  },
  'an invalid identifier makes the call invalid, and no other is tried': async (node) => {
    const { answer, asked } = await call(node, { ...samplePayload(node), external_id: 'x'.repeat(988), email: EMAIL });
    expect([answer.outcome, answer.BRAZE_INVALID_FIELDS, asked]).toEqual(['invalid', 'external_id', NOTHING]);
  },
  'a link or markup in a name is invalid': async (node) => {
    const attributes = { first_name: 'Ada <a href="https://evil.example">click</a>', last_name: 'www.evil.example' };
    const { answer, asked } = await call(node, { ...samplePayload(node), attributes });
    expect(answer.BRAZE_INVALID_FIELDS?.split(',')).toEqual(
      expect.arrayContaining(['attributes.first_name', 'attributes.last_name']),
    );
    expect(asked).not.toContain('evil.example');
  },
  'an absent value never erases anything': async (node) => {
    const attributes = { first_name: '', last_name: '{LAST_NAME}', home_city: 'None', nickname: 'A' };
    const { asked } = await call(node, { external_id: PERSON, attributes });
    expect(asked).toContain('"nickname":"A"');
    expect(asked).not.toMatch(/first_name|last_name|home_city/);
  },
};

/** By what a node finds a person. */
const listIdentifiers = async (node: string) => {
  const definition = (await readNodes()).nodes.find(({ name }) => name === node);
  return definition === undefined ? [] : getIdentifiers(definition);
};

test('the table has a line for every node that is about a person', async () => {
  const personal = (await readNodes()).nodes.filter((node) => getIdentifiers(node).length > 0);
  expect(lines.map(({ node }) => node).sort()).toEqual(personal.map(({ name }) => name).sort());
});

describe.each(lines)('$node', ({ node, protections }) => {
  test('acts on an identity that anybody can type', async () => {
    const payload = samplePayload(node);
    const [person] = (await listIdentifiers(node)).flatMap((name) => payload[name] ?? []);
    expect((await call(node, payload)).asked).toContain(
      typeof person === 'string' ? person.trim() : JSON.stringify(person),
    );
  });

  test('does nothing for a typed identity if the payload requires a verified one', async () => {
    const { answer, asked } = await call(node, { ...samplePayload(node), require_verified: 'true' });
    expect([answer.success, answer.outcome, asked]).toEqual(['false', 'unverified', NOTHING]);
  });

  test('does nothing for a typed identity if the stage requires a verified one', async () => {
    stage.environment({ VERIFIED_NODES: node });
    const { answer, asked } = await call(node, samplePayload(node));
    expect([answer.success, answer.outcome, asked]).toEqual(['false', 'unverified', NOTHING]);
  });

  test('acts on a verified identity if one is required, or on nothing if it cannot', async () => {
    stage.environment({ VERIFIED_NODES: node });
    const { answer, asked } = await call(node, { ...signed(samplePayload(node)), require_verified: 'true' });
    expect(answer.BRAZE_IDENTITY).toBe('verified');
    if ((await listIdentifiers(node)).includes('external_id')) expect(asked).toContain(PERSON);
    else expect([answer.outcome, asked]).toEqual(['invalid', NOTHING]);
  });

  if (protections.length > 0) {
    test.each(protections)('protects by default: %s', async (sentence) => {
      const protect = PROTECTIONS[sentence];
      expect(protect).toBeDefined();
      await protect?.(node);
    });
  }
});
