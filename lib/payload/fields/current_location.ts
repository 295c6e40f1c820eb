import type { Field } from '../field.ts';
import { isObject } from '../object.ts';
import { toNumber } from './number.ts';

const degrees = (limit: number) => ({ type: ['number', 'string'], minimum: -limit, maximum: limit });

const within = (degree: number | undefined, limit: number): degree is number =>
  degree !== undefined && Math.abs(degree) <= limit;

/** Where a person is, in degrees; Braze answers `BAD_LOCATION_UPDATE` to anything else. */
export const current_location: Field<{ readonly longitude: number; readonly latitude: number }> = {
  becomes: '`{"longitude": number, "latitude": number}`',
  unusableWhen: 'one of the two is missing, is not a number, or is out of range (±180, ±90)',
  schema: {
    type: 'object',
    properties: { longitude: degrees(180), latitude: degrees(90) },
    required: ['longitude', 'latitude'],
    examples: [{ longitude: '-73.99', latitude: '40.73' }],
  },
  read: (value, at) => {
    if (!isObject(value)) return at.refuse();
    const longitude = toNumber(value.longitude);
    const latitude = toNumber(value.latitude);
    return within(longitude, 180) && within(latitude, 90) ? { longitude, latitude } : at.refuse();
  },
};
