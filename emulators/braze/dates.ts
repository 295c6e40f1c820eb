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
const SLASHES = /^(?<month>\d{2})\/(?<day>\d{2})\/(?<year>\d{4})$/;
const WEEKDAY = new RegExp(`^[A-Z][a-z]{2} (?<month>\\d{2}) (?<day>\\d{2}) ${CLOCK}\\.\\S+ (?<year>\\d{4})$`);

const hasRealDay = (text: string, pattern: RegExp): boolean => {
  const { year, month, day } = pattern.exec(text)?.groups ?? {};
  return isDay(Number(year), Number(month), Number(day));
};

/** The time of an event or purchase. */
export const isEventTime = (text: string): boolean =>
  (ISO.test(text) || COLON_MILLISECONDS.test(text)) && hasRealDay(text, DATE);

/** A date among the attributes, which may be written in more ways. */
export const isDateText = (text: string): boolean =>
  isEventTime(text) ||
  (SPACE.test(text) && hasRealDay(text, DATE)) ||
  hasRealDay(text, SLASHES) ||
  hasRealDay(text, WEEKDAY);

export const isBirthday = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && hasRealDay(text, DATE);

/** A nested date is kept from the year 0 to the year 3000. */
export const isNestedDate = (text: string): boolean => {
  const year = /^\d{4}-/.test(text) ? text.slice(0, 4) : text.slice(-4);
  return isDateText(text) && Number(year) <= 3000;
};

/** The moment of an event time. Without a zone it is UTC. */
export const momentOf = (text: string): number => {
  const iso = text.replace(/^(.{19}):(\d{3})/, '$1.$2').replace(',', '.');
  return Date.parse(/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
};
