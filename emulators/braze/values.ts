import tlds from 'tlds' with { type: 'json' };
import { isText, type Json } from '../json.ts';

/** Whether year, month and day are a day of the calendar. */
const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const DATE = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})/;
const ZONE = String.raw`(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`;
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d`;
const ISO = new RegExp(String.raw`^\d{4}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?${ZONE}?)?$`);
/** Braze's own form, with a colon before the milliseconds. */
const COLON_MILLISECONDS = new RegExp(`^\\d{4}-\\d{2}-\\d{2}T${CLOCK}:\\d{3}${ZONE}$`);
const SPACE = new RegExp(`^\\d{4}-\\d{2}-\\d{2} ${CLOCK}$`);
const MONTH_FIRST = /^(?<month>\d{1,2})(?<separator>[/-])(?<day>\d{1,2})\k<separator>(?<year>\d{4})$/;
const WEEKDAY = new RegExp(`^[A-Z][a-z]{2} (?<month>\\d{2}) (?<day>\\d{2}) ${CLOCK}\\.\\S+ (?<year>\\d{4})$`);

const hasRealDay = (text: string, pattern: RegExp): boolean => {
  const { year, month, day } = pattern.exec(text)?.groups ?? {};
  return isDay(Number(year), Number(month), Number(day));
};

/** The time of an event or purchase: https://www.braze.com/docs/api/objects_filters/event_object/ */
export const isEventTime = (text: string): boolean =>
  (ISO.test(text) || COLON_MILLISECONDS.test(text)) && hasRealDay(text, DATE);

/** A date among the attributes: https://www.braze.com/docs/api/objects_filters/user_attributes_object/ */
export const isDateText = (text: string): boolean =>
  isEventTime(text) ||
  (SPACE.test(text) && hasRealDay(text, DATE)) ||
  (/^\d{2}\/\d{2}\/\d{4}$/.test(text) && hasRealDay(text, MONTH_FIRST)) ||
  hasRealDay(text, WEEKDAY);

export const isBirthday = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && hasRealDay(text, DATE);

/** A nested date is kept from the year 0 to the year 3000. */
export const isNestedDate = (text: string): boolean => {
  const year = /^\d{4}-/.test(text) ? text.slice(0, 4) : text.slice(-4);
  return isDateText(text) && Number(year) <= 3000;
};

/** Epoch milliseconds of an event time. Without a zone it is UTC. */
export const parseEventTime = (text: string): number => {
  const iso = text
    .replace(/^(.{19}):(\d{3})/, '$1.$2')
    .replace(',', '.')
    .replace(/^(\S{10}) /, '$1T');
  return Date.parse(/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
};

/**
 * The time that Braze makes of a custom attribute's text that looks like a date, such as `12/1/2021` or `12-1-2021`:
 * https://www.braze.com/docs/user_guide/data/activation/custom_data/custom_attributes/
 */
export const toAttributeTime = (text: string): string | undefined => {
  const { month, day, year } = MONTH_FIRST.exec(text)?.groups ?? WEEKDAY.exec(text)?.groups ?? {};
  if (month !== undefined) {
    const isReal = isDay(Number(year), Number(month), Number(day));
    return isReal ? new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).toISOString() : undefined;
  }
  const year4 = Number(text.slice(0, 4));
  return isDateText(text) && year4 <= 3000 ? new Date(parseEventTime(text)).toISOString() : undefined;
};

const LOCAL_PART = /^[\p{L}\p{N}_-](?:[.+'\p{L}\p{N}_&#/-]*[\p{L}\p{N}_-])?$/u;
const MICROSOFT_LOCAL_PART = /^\w[-\w]*(?:\.[-\w]+)*$/;
const DOMAIN = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i;
/** As in the DNS: Braze takes no Unicode in a domain. */
const topLevelDomains = new Set(tlds.map((tld) => new URL(`http://x.${tld}`).hostname.slice(2)));

/**
 * Whether Braze takes an address: https://www.braze.com/docs/email_validation/. Its list of characters that are not
 * accepted and its expression disagree on `&`, `#` and `/`; this follows the expression.
 */
export const isEmail = (text: string): boolean => {
  const [local = '', domain = '', ...rest] = text.toLowerCase().split('@');
  if (rest.length > 0 || !DOMAIN.test(domain)) return false;
  if (!topLevelDomains.has(domain.slice(domain.lastIndexOf('.') + 1))) return false;
  if (/msn|hotmail|outlook|live/.test(domain)) return MICROSOFT_LOCAL_PART.test(local.split('+')[0] ?? '');
  return LOCAL_PART.test(local) && (domain !== 'gmail.com' || local.length > 1);
};

/** The digits of a phone number, with its plus sign if it has one; Braze recommends E.164 and does not require it. */
export const normalizePhone = (value: Json | undefined): string | undefined => {
  if (!isText(value)) return undefined;
  const digits = value.replace(/[\s().-]/g, '');
  return /^\+?\d{5,15}$/.test(digits) ? digits : undefined;
};

export const isE164 = (text: string): boolean => /^\+?[1-9]\d{4,14}$/.test(text);

/** ISO 3166-1 alpha-2. */
const countries = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
  CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
  GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
  KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
  MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
  SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
  UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/),
);

/** ISO 639-1. */
const languages = new Set(
  `aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
  es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
  ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
  no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta
  te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`.split(/\s+/),
);

const countryByName = new Map<string, string>();
const englishNames = new Intl.DisplayNames('en', { type: 'region' });
for (const code of countries) countryByName.set((englishNames.of(code) ?? code).toLowerCase(), code);

/** Other spellings than the code are mapped on a best-effort basis. */
export const toCountryCode = (text: string): string | undefined => {
  const code = text.toUpperCase();
  return countries.has(code) ? code : countryByName.get(text.toLowerCase());
};

export const isLanguage = (text: string): boolean => languages.has(text);

export const isTimeZone = (text: string): boolean => {
  if (/^(?:Eastern|Central|Mountain|Pacific) Time \(US & Canada\)$/.test(text)) return true;
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
};

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217, upper case. */
export const isCurrency = (value: Json | undefined): value is string => isText(value) && currencies.has(value);

export const isGroupId = (value: Json | undefined): value is string =>
  isText(value) && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
