import { type Field, isObject } from '../schema.ts';
import { toNumber } from './number.ts';

const degrees = (limit: number) => ({ type: ['number', 'string'], minimum: -limit, maximum: limit });

const within = (degree: number | undefined, limit: number): degree is number =>
  degree !== undefined && Math.abs(degree) <= limit;

/** Where a person is, in degrees; Braze answers `BAD_LOCATION_UPDATE` to anything else. */
export const current_location: Field<{ readonly longitude: number; readonly latitude: number }> = {
  sends: '`{"longitude": number, "latitude": number}`',
  invalidWhen: 'one of the two is missing, is not a number, or is out of range (±180, ±90)',
  schema: {
    type: 'object',
    properties: { longitude: degrees(180), latitude: degrees(90) },
    required: ['longitude', 'latitude'],
    examples: [{ longitude: '-73.99', latitude: '40.73' }],
  },
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const longitude = toNumber(value.longitude, ctx.options.language);
    const latitude = toNumber(value.latitude, ctx.options.language);
    return within(longitude, 180) && within(latitude, 90) ? { longitude, latitude } : ctx.invalid('out_of_range');
  },
};
