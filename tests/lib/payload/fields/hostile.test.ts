import { flag } from '../../../../lib/payload/fields/boolean.ts';
import { country } from '../../../../lib/payload/fields/country.ts';
import { currency } from '../../../../lib/payload/fields/currency.ts';
import { current_location } from '../../../../lib/payload/fields/current-location.ts';
import { dob } from '../../../../lib/payload/fields/dob.ts';
import { email } from '../../../../lib/payload/fields/email.ts';
import { gender } from '../../../../lib/payload/fields/gender.ts';
import { language } from '../../../../lib/payload/fields/language.ts';
import { phone } from '../../../../lib/payload/fields/phone.ts';
import { facebook, twitter } from '../../../../lib/payload/fields/social-accounts.ts';
import { subscription_groups, subscriptionState } from '../../../../lib/payload/fields/subscription.ts';
import { lastName, line, personalName, shortText } from '../../../../lib/payload/fields/text.ts';
import { date } from '../../../../lib/payload/fields/time.ts';
import { time_zone } from '../../../../lib/payload/fields/time-zone.ts';
import { image_url } from '../../../../lib/payload/fields/url.ts';
import type { Field } from '../../../../lib/payload/schema.ts';
import { LINEAR_MS, parseField, slowest } from '../../../support/parse-field.ts';

const fields: readonly (readonly [string, Field<unknown>])[] = Object.entries({
  country,
  currency,
  current_location,
  date,
  dob,
  facebook,
  flag,
  gender,
  image_url,
  language,
  lastName,
  line,
  personalName,
  shortText,
  email,
  phone,
  subscriptionState,
  subscription_groups,
  time_zone,
  twitter,
});

describe('every standard field', () => {
  test.each(fields)('%s parses 100 KB of hostile text in linear time', (_, field) => {
    parseField(field, 'warm');
    const options = { country: 'DE', dateOrder: 'DMY' } as const;
    expect(slowest((hostile) => parseField(field, hostile, options))).toBeLessThan(LINEAR_MS);
  });

  test.each(fields)('%s rejects a name that every object inherits', (name, field) => {
    const isText = ['lastName', 'line', 'personalName', 'shortText'].includes(name);
    for (const inherited of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(parseField(field, inherited).invalid).toEqual(isText ? [] : ['field']);
    }
  });

  test.each(fields)('%s rejects null, which only an attribute can be', (_, field) => {
    expect(parseField(field, null)).toEqual({ value: undefined, invalid: ['field'] });
  });

  test.each(fields)('%s describes what it sends, when it is invalid, and what can be written', (_, field) => {
    expect(field.sends).toMatch(/\S/);
    expect(field.invalidWhen).toMatch(/\S/);
    expect(Object.keys(field.schema)).not.toHaveLength(0);
  });
});
