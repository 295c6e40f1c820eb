import { isText, type Json } from '../../json.ts';
import type { Call, Drop } from '../endpoint.ts';
import type { BrazeEvent } from '../profile.ts';
import { ItemRefused } from '../refusal.ts';
import { cartProblem, checkEcommerce } from './ecommerce.ts';
import { applyTo, asItem, targetOf } from './item.ts';
import { timeOf } from './moment.ts';
import { propertiesOf } from './properties.ts';

const nameOf = (value: Json | undefined): string => {
  const name = isText(value) ? value.trim() : '';
  if (name === '' || name.startsWith('$')) throw new ItemRefused('BAD_NAME');
  return name;
};

/** Checks an event object; what comes back records it. */
export const readEvent = (value: Json, call: Call, drop: Drop): (() => void) => {
  const item = asItem(value);
  const target = targetOf(item, call, drop, call.settings.aliasEventsCreate);
  const name = nameOf(item.name);
  const time = timeOf(item.time, call.now);
  const properties = propertiesOf(item.properties, ['time', 'event_name'], drop);
  checkEcommerce(name, properties);

  const event: BrazeEvent = { name, time, properties };
  const record = ({ events }: { readonly events: BrazeEvent[] }) => {
    const problem = cartProblem(event, events);
    if (problem === undefined) events.push(event);
    else drop('name', problem);
  };
  return () => applyTo(call, target, [record]);
};
