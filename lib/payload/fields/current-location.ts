import { type Field, isObject, reportUnknownKeys } from '../schema.ts';
import { toNumber } from './number.ts';

const MAX_LONGITUDE_DEGREES = 180;
const MAX_LATITUDE_DEGREES = 90;

const degrees = (limit: number) => ({ type: ['number', 'string'], minimum: -limit, maximum: limit });

/** The location of a person in degrees. Braze answers `BAD_LOCATION_UPDATE` to other values. */
export const current_location: Field<{ readonly longitude: number; readonly latitude: number }> = {
  sends: '`{"longitude": number, "latitude": number}`',
  invalidWhen: `one of the two is missing, is not a number, or is out of range (±${MAX_LONGITUDE_DEGREES}, ±${MAX_LATITUDE_DEGREES})`,
  schema: {
    type: 'object',
    properties: { longitude: degrees(MAX_LONGITUDE_DEGREES), latitude: degrees(MAX_LATITUDE_DEGREES) },
    required: ['longitude', 'latitude'],
    additionalProperties: false,
    examples: [{ longitude: '-73.99', latitude: '40.73' }],
  },
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    reportUnknownKeys(value, ['longitude', 'latitude'], ctx);
    const longitude = toNumber(value.longitude, ctx.options.language);
    const latitude = toNumber(value.latitude, ctx.options.language);
    if (longitude === undefined || latitude === undefined) return ctx.invalid('not_a_number');
    if (Math.abs(longitude) > MAX_LONGITUDE_DEGREES || Math.abs(latitude) > MAX_LATITUDE_DEGREES)
      return ctx.invalid('out_of_range');
    return { longitude, latitude };
  },
};
