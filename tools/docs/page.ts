import { type Outcome, SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { attributes, STANDARD } from '../../lib/payload/attributes.ts';
import { ECOMMERCE } from '../../lib/payload/ecommerce.ts';
import { eventFields } from '../../lib/payload/events.ts';
import { type Declared, type Fed, identifiersOf, membersOf } from '../nodes.ts';
import { recipeOf } from './recipe.ts';
import { IDENTITY, SWITCHES } from './schema.ts';
import { code, codes, fieldTable, table } from './words.ts';

const MEANING: { readonly [outcome in Outcome]: string } = {
  sent: 'Braze accepted everything.',
  partial: 'Braze accepted the request, but some fields or objects were left out: unusable here, or refused by Braze.',
  queued: 'Braze could not take it now. It is stored durably and will be sent again.',
  invalid: 'Nothing could be sent: no payload, no identifier, nothing to say, or a required field missing or unusable.',
  rejected: 'Braze refused the request, or all of its objects.',
  misconfigured:
    'An operator must act: a parameter, the key or one of its permissions, the secret, or the wrong stage.',
  in_doubt: 'Braze may or may not have processed a request that must not be repeated. It waits for an operator.',
  unavailable:
    'Braze could not take it, and it could not be stored either; or an internal fault. `BrazeNode` says it, too, when it gets no answer of a node in time: then Braze may have the data.',
};

const SWITCHED = {
  update_existing_only: {
    ...SWITCHES.update_existing_only,
    sends: 'that no profile is to be made for somebody unknown (`users/track`, `canvas/trigger/send`); default `false`',
  },
  strict: {
    ...SWITCHES.strict,
    sends: 'nothing; `true` makes one unusable field enough for `invalid`; default `false`',
  },
};

const common = (): string => `## Every node

### Values

Nearly every value of a flow is text. Before anything else looks at it, icon markup (\`<<…>>\`), surrounding blanks and
control characters are removed. An empty text, \`None\`, \`undefined\`, \`null\`, \`NaN\` (exactly so written) and a variable
that was not filled in (\`{NAME}\`) mean that nothing was said: it never erases anything at Braze. JSON \`null\` (not the text)
unsets an attribute. Text stays text (\`02139\` is never a number) unless the payload says otherwise:

${table(
  ['written', 'becomes'],
  [
    ['`{"$number": "{AMOUNT}"}`', 'a number'],
    ['`{"$integer": "{SEATS}"}`', 'an integer'],
    ['`{"$boolean": "{NEWSLETTER}"}`', 'true or false, from true, false, yes, no, y, n, on, off, 1, 0'],
    [
      '`{"$time": "{CHECK_IN}"}`',
      'a moment (ISO 8601 with a zone, epoch seconds or milliseconds) or a day (`YYYY-MM-DD`)',
    ],
    ['`{"$list": "{INTERESTS}"}`', 'a list, from `a, b, c` or the JSON text of an array'],
  ],
)}

Text that does not fit its type makes the field unusable. An unusable field is left out and named in \`BRAZE_INVALID_FIELDS\`,
as the payload has it (\`attributes.dob,events.1.time\`); the rest is sent.

### Identity

One field says who is meant: the first usable one of this table. Beside one of the first three, \`email\` and \`phone\` are set
as attributes by the nodes that set attributes (\`users/track\`, \`canvas/trigger/send\`).

${fieldTable(IDENTITY)}

Any node also takes:

${fieldTable(SWITCHED)}

### Outcomes

\`success\` is what most flows branch on; \`outcome\` is finer. A node never answers with a word that is not in this table or among
its own. \`detail\` is a sentence for the operator.

${table(
  ['outcome', 'success', 'means'],
  Object.entries(SUCCESS_BY_OUTCOME).map(([outcome, success]) => [
    code(outcome),
    code(success),
    MEANING[outcome as Outcome],
  ]),
)}

### Standard attributes

Each may be spelled \`first_name\`, \`FIRST_NAME\`, \`firstName\` or \`FirstName\`; \`date_of_birth\`, \`birth_date\` and \`birthday\` mean \`dob\`.
Of two spellings of one field the first usable one wins. JSON \`null\` unsets any of them.

${fieldTable(STANDARD)}

### Custom attributes

Every other key of \`attributes\`, spelled as given. The value is text of at most 255 characters, a number, \`true\` or \`false\`, a
list of at most 500 items, or an object, each of at most 100 KB; or one of Braze’s operators: \`{"inc": 1}\`, \`{"add": […]}\`,
\`{"remove": […]}\`, \`{"$add": […]}\`, \`{"$update": […]}\`, \`{"$remove": […]}\`, and \`_merge_objects\` beside an object. A name is unusable
when it is empty, over 255 characters, begins with \`$\`, or is a key by which Braze is told whom to change (\`external_id\`, …).

### E-commerce events

Braze’s recommended events have properties that must be there and usable, or the event is unusable.

${table(
  ['event', 'required properties'],
  [...ECOMMERCE].map(([name, rules]) => [code(name), codes(Object.keys(rules))]),
)}
`;

const outcomesOf = ({ outcomes = {}, endpoint }: Declared): string => {
  const own = Object.entries(outcomes).map(([outcome, success]) => `${code(outcome)} (success ${code(success)})`);
  return [
    `The [common ones](#outcomes)${own.length > 0 ? ` and ${own.join(', ')}` : ''}.`,
    ...(endpoint.queueOnFailure
      ? []
      : ['Nothing is kept for later: where other nodes answer `queued`, this one answers `unavailable`.']),
  ].join(' ');
};

const identityOf = (declared: Declared): string => {
  const identifiers = identifiersOf(declared);
  const [only] = identifiers;
  if (identifiers.length === 1 && only !== undefined) return `${code(only)} says [who is meant](#identity).`;
  return `${identifiers.map(code).join(', else ')} says [who is meant](#identity).`;
};

const branches = (values: readonly string[]): string => values.map((value) => `${value}~<node>`).join('|');

/** The names of the variables that stand in a text. */
const variablesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)),
];

const recipe = (declared: Declared): string => {
  const { parameterInput, output, whatNext, variable } = recipeOf(declared);
  const input = JSON.stringify(parameterInput, null, 2);
  const used = variablesIn(input);
  return `**Command**: \`BrazeNode\`

**Parameter Input**${used.length > 0 ? ` (variables: ${codes(used)}; take out what the flow does not ask for)` : ''}:

\`\`\`json
${input}
\`\`\`

**Output**: \`${output.join(', ')}\`

**Decision Variable** \`success\`, with **What Next?**:

\`\`\`text
${branches(whatNext.success)}
\`\`\`

or, for finer branches, **Decision Variable** \`outcome\`, with **What Next?**:

\`\`\`text
${branches(whatNext.outcome)}
\`\`\`

**Variable**: ${codes(variable)}`;
};

const section = (declared: Declared): string => {
  const members = membersOf(declared);
  const hasAttributes = Object.values(members).some(({ schema }) => schema === attributes.schema);
  const hasEvents =
    ['event', 'events'].some((name) => name in members) || members.name?.schema === eventFields.name.schema;
  const notes = [
    ...(hasAttributes
      ? ['`attributes` holds [standard](#standard-attributes) and [custom](#custom-attributes) ones.']
      : []),
    ...(hasEvents ? ['An `ecommerce.…` event needs [its properties](#e-commerce-events).'] : []),
  ];
  return `## ${declared.name}

${declared.description}

- Braze endpoint: \`POST /${declared.endpoint.path}\`
- Permission of the API key: \`${declared.endpoint.permission}\`
- JSON Schema of the Parameter Input: [\`schemas/${declared.name}.json\`](../schemas/${declared.name}.json)

### Payload of ${declared.name}

${identityOf(declared)}${notes.length > 0 ? ` ${notes.join(' ')}` : ''}

${fieldTable(members)}

### Outcomes of ${declared.name}

${outcomesOf(declared)}

### ${declared.name} in Design Studio

${recipe(declared)}
`;
};

/** `docs/nodes.md`. */
export const pageOf = (nodes: readonly Declared[], fed: readonly Fed[]): string => `# Nodes

<!-- Made by \`npm run docs\` from the declarations in handlers/ and lib/payload/. Changes made here get lost. -->

How to build a flow with them: [Design Studio](design-studio.md).

${table(
  ['node', 'what it does', 'Braze endpoint', 'permission'],
  nodes.map(({ name, description, endpoint }) => [
    `[${name}](#${name})`,
    description,
    code(endpoint.path),
    code(endpoint.permission),
  ]),
)}

${fed.map(({ name, description }) => `Besides them there is \`${name}\`, which no flow calls. ${description}`).join('\n\n')}

${[common(), ...nodes.map(section)].join('\n')}`;
