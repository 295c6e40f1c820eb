import type { NewNode, NewOutcome } from './options.ts';

const toCode = (value: unknown): string => JSON.stringify(value);

/** How the handler tells an answer of the endpoint from a failure; undefined where the default does. */
export const toIsAnswerCode = ({ successMember, outcomes }: NewNode): string | undefined => {
  const statuses = outcomes.flatMap(({ status }) => (status === undefined ? [] : [status]));
  if (successMember === 'message' && statuses.length === 0) return undefined;
  const success =
    successMember === 'message'
      ? 'hasSuccessMessage(status, body)'
      : `(isOk(status) && Object.hasOwn(body, ${toCode(successMember)}))`;
  const others = statuses.map((status) => (status === 404 ? 'isMissing(status, body)' : `status === ${status}`));
  return `(status, body) => ${[success, ...others].join(' || ')}`;
};

const toCondition = ({ status, path, value }: NewOutcome): string => {
  if (status !== undefined) return `status === ${status}`;
  return `toText(getNested(body, ${toCode(path)})) ${value === undefined ? "!== ''" : `=== ${toCode(value)}`}`;
};

/** The function `readResponse` of the handler, if the node has outcomes of its own. */
export const toReadResponseCode = ({ outcomes, values, isLookUp }: NewNode): string | undefined => {
  if (outcomes.length === 0) return undefined;
  const toStatement = (one: NewOutcome): string => {
    const { outcome, success, status, path } = one;
    const detail = toCode(`Braze answered: ${outcome.replaceAll('_', ' ')}.`);
    const texts = values.map(({ key, path: from }) => `${key}: toText(getNested(body, ${toCode(from)}))`);
    const hasValues = success === 'true' && status === undefined && texts.length > 0;
    const members = [`outcome: ${toCode(outcome)}, detail: ${detail}`, ...(hasValues ? [`values: { ${texts} }`] : [])];
    const statement = `return { ${members} };`;
    return status === undefined && path === undefined ? statement : `if (${toCondition(one)}) {\n${statement}\n}`;
  };
  const ofStatus = outcomes.filter(({ status }) => status !== undefined);
  const ofBody = outcomes.filter(({ status }) => status === undefined);
  const statements = [
    ...ofStatus.map(toStatement),
    // What Braze refused of the request is told by the common outcomes.
    ...(isLookUp ? [] : ['if (errors.length > 0) return undefined;']),
    ...ofBody.map(toStatement),
    ...(isClosed(outcomes)
      ? []
      : [
          isLookUp
            ? `return { outcome: 'unavailable', detail: 'Braze answered something else.' };`
            : 'return undefined;',
        ]),
  ].join('\n');
  const used = [
    ...(ofStatus.length > 0 ? ['status'] : []),
    ...(isLookUp ? [] : ['errors']),
    ...(statements.includes('(body,') ? ['body'] : []),
  ];
  return `(${used.length === 0 ? '' : `{ ${used} }`}) => {\n${statements}\n}`;
};

/** Whether every success has an outcome of the node's own. */
const isClosed = (outcomes: readonly NewOutcome[]): boolean =>
  outcomes.some(({ status, path }) => status === undefined && path === undefined);

/** Stands where any value will do. */
const ANY = 'a value';

/** Puts a leaf at a path, unless there is something; `0` in the path is the position in an array. */
const put = (value: unknown, [first, ...rest]: readonly string[], leaf: unknown): unknown => {
  if (first === undefined) return value ?? leaf;
  if (first === '0') return [put(Array.isArray(value) ? value[0] : undefined, rest, leaf)];
  const object: { readonly [key: string]: unknown } = Object(typeof value === 'object' ? value : {});
  return { ...object, [first]: put(object[first], rest, leaf) };
};

/** An answer of Braze that a test gives, and the outcome that it means. */
type SampleAnswer = readonly [outcome: string, status: number, body: unknown];

/** An answer for each outcome that the new node can read out of one. */
export const toSampleAnswers = (node: NewNode): readonly SampleAnswer[] => {
  const { outcomes, values, successMember, isLookUp, list } = node;
  const success = [successMember, successMember === 'message' ? 'success' : ANY] as const;
  const toBody = (...members: readonly (readonly [path: string, leaf: unknown])[]): unknown =>
    [...members, success].reduce<unknown>((body, [path, leaf]) => put(body, path.split('.'), leaf), {});
  const own = outcomes.map(({ outcome, status = 200, path, value = ANY }): SampleAnswer => {
    if (path === undefined) return [outcome, status, toBody()];
    const said = /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : value;
    return [outcome, status, toBody([path, said], ...values.map((one) => [one.path, ANY] as const))];
  });
  const other: SampleAnswer = [isLookUp ? 'unavailable' : 'sent', 200, toBody()];
  const rejected: SampleAnswer = ['rejected', 200, toBody(['errors', [{ input_array: list, index: 0 }]])];
  return [...own, ...(isClosed(outcomes) ? [] : [other]), ...(isLookUp ? [] : [rejected])];
};
