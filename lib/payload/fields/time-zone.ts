import type { Field } from '../schema.ts';
import { toPlainText } from '../words/plain-text.ts';
import { findZone } from '../words/time-zone-names.lazy.cjs';

/** ICU returns the first name of a zone. These are the zones that IANA has renamed (its file `backward`). */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['Africa/Asmera', 'Africa/Asmara'],
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['America/Catamarca', 'America/Argentina/Catamarca'],
  ['America/Coral_Harbour', 'America/Atikokan'],
  ['America/Cordoba', 'America/Argentina/Cordoba'],
  ['America/Godthab', 'America/Nuuk'],
  ['America/Indianapolis', 'America/Indiana/Indianapolis'],
  ['America/Jujuy', 'America/Argentina/Jujuy'],
  ['America/Louisville', 'America/Kentucky/Louisville'],
  ['America/Mendoza', 'America/Argentina/Mendoza'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['Asia/Rangoon', 'Asia/Yangon'],
  ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
  ['Atlantic/Faeroe', 'Atlantic/Faroe'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['Pacific/Enderbury', 'Pacific/Kanton'],
  ['Pacific/Ponape', 'Pacific/Pohnpei'],
  ['Pacific/Truk', 'Pacific/Chuuk'],
]);

/** Abbreviations that ICU accepts, although people mean different zones by them (`BST`, `IST`, `CST`, `EST`). */
const NOT_IANA =
  /^(?:ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|EST|IET|IST|JST|MIT|MST|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*)$/i;

// A letter first, because an offset is not a zone.
const NAME = /^[a-z][a-z0-9_+/-]{1,63}$/i;

const toIanaZone = (text: string): string | undefined => {
  const name = text.replaceAll(' ', '_');
  if (!NAME.test(name) || NOT_IANA.test(name)) return undefined;
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return RENAMED.get(zone) ?? zone;
  } catch {
    return undefined;
  }
};

const MAX_CHARACTERS = 100;

const toZone = (text: string): string | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const zone = toIanaZone(text) ?? findZone(text);
  return zone === undefined ? undefined : toIanaZone(zone);
};

/**
 * A time zone by its IANA name. Braze ignores others.
 * https://www.braze.com/docs/api/objects_filters/user_attributes_object
 */
export const time_zone: Field<string> = {
  sends: 'IANA name',
  invalidWhen:
    'it is not a name of the IANA database, of Rails or of Windows (letter case is ignored); an offset such as `+01:00` is not a zone',
  schema: { type: 'string', examples: ['Europe/Berlin', 'america/new_york', 'Eastern Time (US & Canada)'] },
  parse: (value, ctx) =>
    (typeof value === 'string' ? toZone(toPlainText(value)) : undefined) ?? ctx.invalid('not_a_time_zone'),
};
