import { foldText } from './characters.ts';
import { createLazyExpression } from './lazy-expression.ts';

/** What Python, JavaScript and JSON print for an absent value. Case-sensitive, because `Null` is a surname. */
const NOTHING = new Set(['', 'None', 'undefined', 'null', 'NaN']);

/** Longer than any reference to a variable; longer texts are not searched. */
const MAX_REFERENCE_CHARACTERS = 512;

const NAME = String.raw`[$@!#?&=]?[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.:$@[\]/-]*`;
/** One reference to a variable, in the spellings of flow builders, template engines, shells and marketing tools. */
const REFERENCE = [
  String.raw`[$#%@]?\{\s*${NAME}\s*\}`,
  // Nobody types two or more braces, so anything may be between them: filters, `${first_name}`.
  String.raw`[$#%@]?\{\{+[^{}]*(?:\$\{[^{}]*\}[^{}]*)*\}\}+`,
  String.raw`\{%[^{}]*%\}`,
  '<%[^<>]*%>',
  String.raw`\[\[\s*${NAME}\s*\]\]`,
  String.raw`%[\p{L}_][\p{L}\p{M}\p{N}_.]*%`,
  String.raw`%%[\p{L}_][\p{L}\p{M}\p{N}_.]*%%`,
  String.raw`[%$]\(\s*${NAME}\s*\)[sdf]?`,
  String.raw`\*\|[^|]*\|\*`,
].join('|');
const nextReference = createLazyExpression(`(?:${REFERENCE})(?:[\\s,;/_-]+|(?=[$#%@{<[*])|$)`, 'uy');
const BRACED_UUID = /^\{[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}$/i;

/** Whether text consists of matches of a sticky pattern. One expression for the whole text would backtrack. */
const containsOnly = (pattern: RegExp, text: string): boolean => {
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) if (!pattern.test(text)) return false;
  return true;
};

/** Whether text is a reference to a variable that was not filled in: `{NAME}`, `{{ first_name }}`, `${NAME}`, `%NAME%`. */
const isReference = (text: string): boolean => {
  if (text.length > MAX_REFERENCE_CHARACTERS) return false;
  const folded = foldText(text);
  // Returns early for most texts, so that they need not compile the expression below.
  if (!/^(?:$|[$#%@{<[*])/.test(folded)) return false;
  return containsOnly(nextReference(), folded) && !BRACED_UUID.test(folded);
};

/** Whether text means an absent value, which is neither sent nor erases data in Braze. */
export const isAbsent = (text: string): boolean => NOTHING.has(text) || isReference(text);

const WORD = 'null|nil|none|nan|nat|undefined|undef|nothing';
/** What programming languages print for an absent value, or for an object without a text form. */
const PRINTED = [
  String.raw`["'<([]{0,2}(?:${WORD})[\])>"']{0,2}`,
  // Two variables in a row.
  '(?:null|undefined){2,}',
  String.raw`\[(?:object|class|function) [^[\]]*\]`,
  '<[^<>]* (?:object|instance|function|method)[^<>]*>',
  "<class '[^<>]*'>",
  '#<[^<>]*>',
  String.raw`%!\w?\([^()]*\)`,
  String.raw`(?:hash|array|code|scalar|table|function)\s*[(:]\s*0x[\da-f]+\)?`,
  String.raw`(?:\[+l)?(?:[\w$]+\.)+[\w$]+;?@[\da-f]+`,
  String.raw`system\.[\w.\x60[\],]+`,
  String.raw`optional(?:\.empty|\(nil\)|\[\])`,
  'array|object',
  String.raw`function\b[^{}]*\{[^{}]*\}`,
  String.raw`\{\s*\}|\[\s*\]|\(\s*\)`,
  // References that could be typed in free text, but not in an identifier.
  String.raw`\{[\w .-]+\}|<[a-z_][\w .-]*>|\$[a-z_]\w+`,
].join('|');
const NEXT_PRINTED = new RegExp(`(?:${PRINTED})(?:[\\s,;:/|_.-]+|$)`, 'iuy');

/** `isAbsent` for identifiers. Stricter, because all people with such a text would share one profile. */
export const isAbsentIdentifier = (text: string): boolean =>
  isAbsent(text) ||
  (text.length <= MAX_REFERENCE_CHARACTERS && containsOnly(NEXT_PRINTED, text) && !BRACED_UUID.test(text));

/** References within an identifier, except what an identifier can have of its own: `{6f96…}` of a UUID, `%C3%A9`. */
const innerReference = createLazyExpression(
  [
    String.raw`\{(?![\da-f]{8}-)\s*[$@]?[\p{L}_][\p{L}\p{M}\p{N}_ .:[\]-]*\}`,
    String.raw`\{\{[^{}]+\}\}`,
    '<%[^<>]*%>',
    String.raw`\[\[[^[\]]+\]\]`,
    String.raw`\$\(\s*[\p{L}_][\p{L}\p{M}\p{N}_.]*\s*\)`,
    String.raw`\*\|[^|]*\|\*`,
    String.raw`%(?![\da-f]{2})[\p{L}_][\p{L}\p{M}\p{N}_.]*%`,
  ].join('|'),
  'iu',
);

/** Whether part of an identifier was not filled in: `crm-{USER_ID}`. */
export const holdsReference = (text: string): boolean => {
  const folded = foldText(text);
  return /[{<[(|%]/.test(folded) && innerReference().test(folded);
};
