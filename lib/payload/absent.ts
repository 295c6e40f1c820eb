import { foldText } from './characters.ts';

/** What Python, JavaScript and JSON print for nothing. In these spellings only: `Null` is a surname. */
const NOTHING = new Set(['', 'None', 'undefined', 'null', 'NaN']);

/** Longer than any reference to a variable, and short enough that looking for one costs nothing. */
const MAX_REFERENCE_CHARACTERS = 512;

const NAME = String.raw`[$@!#?&=]?[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.:$@[\]/-]*`;
/** One reference to a variable, in the spellings of flow builders, template engines, shells and marketing tools. */
const REFERENCE = [
  String.raw`[$#%@]?\{\s*${NAME}\s*\}`,
  // Two braces and more are no text that a person writes, whatever stands between them (filters, `${first_name}`).
  String.raw`[$#%@]?\{\{+[^{}]*(?:\$\{[^{}]*\}[^{}]*)*\}\}+`,
  String.raw`\{%[^{}]*%\}`,
  '<%[^<>]*%>',
  String.raw`\[\[\s*${NAME}\s*\]\]`,
  String.raw`%[\p{L}_][\p{L}\p{M}\p{N}_.]*%`,
  String.raw`%%[\p{L}_][\p{L}\p{M}\p{N}_.]*%%`,
  String.raw`[%$]\(\s*${NAME}\s*\)[sdf]?`,
  String.raw`\*\|[^|]*\|\*`,
].join('|');
const NEXT_REFERENCE = new RegExp(`(?:${REFERENCE})(?:[\\s,;/_-]+|(?=[$#%@{<[*])|$)`, 'uy');
const BRACED_UUID = /^\{[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}$/i;

/** Whether text is nothing but matches of a sticky pattern. Piece by piece, because one expression would backtrack. */
const consistsOf = (pattern: RegExp, text: string): boolean => {
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) if (!pattern.test(text)) return false;
  return true;
};

/** `{NAME}`, `{{ first_name }}`, `${NAME}`, `<%= name %>`, `%NAME%`: variables that nobody filled in. */
const isReference = (text: string): boolean => {
  if (text.length > MAX_REFERENCE_CHARACTERS) return false;
  const folded = foldText(text);
  // Most texts end here, and never pay for compiling the expression.
  if (!/^(?:$|[$#%@{<[*])/.test(folded)) return false;
  return consistsOf(NEXT_REFERENCE, folded) && !BRACED_UUID.test(folded);
};

/** Whether text stands for nothing: it must neither be sent nor erase anything. */
export const isAbsent = (text: string): boolean => NOTHING.has(text) || isReference(text);

const WORD = 'null|nil|none|nan|nat|undefined|undef|nothing';
/** What programming languages print for nothing, or for an object that nobody asked to be printed. */
const PRINTED = [
  String.raw`["'<([]{0,2}(?:${WORD})[\])>"']{0,2}`,
  String.raw`\[(?:object|class|function) [^[\]]*\]`,
  '<[^<>]* (?:object|instance|function|method)[^<>]*>',
  '#<[^<>]*>',
  String.raw`%!\w?\([^()]*\)`,
  String.raw`(?:hash|array|code|scalar|table|function)\s*[(:]\s*0x[\da-f]+\)?`,
  String.raw`(?:\[+l)?(?:[\w$]+\.)+[\w$]+;?@[\da-f]+`,
  String.raw`system\.[\w.\x60[\],]+`,
  String.raw`optional(?:\.empty|\(nil\)|\[\])`,
  'array|object',
  String.raw`function\b[^{}]*\{[^{}]*\}`,
  String.raw`\{\s*\}|\[\s*\]|\(\s*\)`,
  // References that could be somebody's words, but are nobody's id.
  String.raw`\{[\w .-]+\}|<[a-z_][\w .-]*>|\$[a-z_]\w+`,
].join('|');
const NEXT_PRINTED = new RegExp(`(?:${PRINTED})(?:[\\s,;:/|_.-]+|$)`, 'iuy');

/** The same for an identifier, where everybody with such a text would become one person. */
export const isAbsentIdentifier = (text: string): boolean =>
  isAbsent(text) ||
  (text.length <= MAX_REFERENCE_CHARACTERS && consistsOf(NEXT_PRINTED, text) && !BRACED_UUID.test(text));

const HOLDS_REFERENCE = /\{\s*[$@]?[\p{L}_][\p{L}\p{M}\p{N}_.]*\s*\}|<%[^<>]*%>/u;

/** `crm-{USER_ID}`: part of the identifier was never filled in, so that it belongs to nobody. */
export const holdsReference = (text: string): boolean => {
  const folded = foldText(text);
  return /[{<]/.test(folded) && HOLDS_REFERENCE.test(folded);
};
