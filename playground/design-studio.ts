/**
 * The 26 columns of a Design Studio sheet, in its order. Seen in public flows; Pypestream has not published the format.
 */
const COLUMNS = [
  'Node Number',
  'Node Type',
  'Node Name',
  'Intent',
  'Entity Type',
  'Entity',
  'NLU Disabled?',
  'Next Nodes',
  'Message',
  'Rich Asset Type',
  'Rich Asset Content',
  'Answer Required?',
  'Behaviors',
  'Command',
  'Description',
  'Output',
  'Node Input',
  'Parameter Input',
  'Decision Variable',
  'What Next?',
  'Node Tags',
  'Skill Tag',
  'Variable',
  'Platform Flag',
  'Flows',
  'CSS Classname',
] as const;

export type Column = (typeof COLUMNS)[number];

/** The columns that make an action node; the rest of its row stays empty. */
export type Columns = Readonly<Partial<Record<Column, string>>>;

/** A spreadsheet runs a cell that begins with one of these as a formula; a leading apostrophe keeps it text. */
const FORMULA = /^[=+\-@\t\r]/;

const toCell = (text: string): string => {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One row of CSV (RFC 4180) with all 26 columns; https://www.rfc-editor.org/rfc/rfc4180 */
export const toCsvRow = (columns: Columns): string => COLUMNS.map((column) => toCell(columns[column] ?? '')).join(',');

export interface Route {
  readonly value: string;
  readonly target: string;
}

/** `true~Thank you|error~Go on` → its routes. A part without `~` has no target and is left out. */
export const parseRoutes = (whatNext: string): readonly Route[] =>
  whatNext.split('|').flatMap((part) => {
    const at = part.indexOf('~');
    const value = part.slice(0, at).trim();
    return at < 0 || value === '' ? [] : [{ value, target: part.slice(at + 1).trim() }];
  });

/** A route for every value, with a target to be replaced: `sent~<node>|partial~<node>`. */
export const suggestRoutes = (values: readonly string[]): string => values.map((value) => `${value}~<node>`).join('|');
