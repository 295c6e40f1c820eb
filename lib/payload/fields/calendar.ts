const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** A day of the Gregorian calendar that Braze can hold: it does not store years after 3000 in nested objects. */
export const isRealDay = (year: number, month: number, day: number): boolean => {
  const length = month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0);
  return year >= 1 && year <= 3000 && day >= 1 && day <= length;
};

/** `YYYY-MM-DD`, or `undefined` if there is no such day. */
export const toDay = (year: number, month: number, day: number): string | undefined =>
  isRealDay(year, month, day)
    ? `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    : undefined;

export interface DateTime {
  /** `YYYY-MM-DD` where it was written. */
  readonly day: string;
  /** `HH:mm:ss.SSS` where it was written. */
  readonly time: string;
  /** `Z` or `±HH:mm`. */
  readonly zone: string | undefined;
}

const DATE_TIME =
  /^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)[Tt ](?<hour>[01]\d|2[0-3])(?<colon>:?)(?<minute>[0-5]\d)(?:\k<colon>(?<second>[0-5]\d)(?:[.,:](?<fraction>\d+))?)?(?<zone>[Zz]|(?<sign>[+-])(?<zoneHour>[01]\d|2[0-3])(?::?(?<zoneMinute>[0-5]\d))?)?$/;

/**
 * An ISO 8601 date-time, extended or basic, with RFC 3339's blank for the T, and a colon before the fraction because
 * Braze documents `yyyy-MM-ddTHH:mm:ss:SSSZ`. Hour 24 and second 60 name no moment that JavaScript or Braze knows.
 */
export const readDateTime = (text: string): DateTime | undefined => {
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const day = toDay(Number(parts.year), Number(parts.month), Number(parts.day));
  if (day === undefined) return undefined;
  const { hour, minute, second = '00', fraction = '', zone, sign, zoneHour, zoneMinute = '00' } = parts;
  return {
    day,
    time: `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`,
    zone: sign === undefined ? zone?.toUpperCase() : `${sign}${zoneHour}:${zoneMinute}`,
  };
};
