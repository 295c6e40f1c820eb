import type { Field } from '../schema.ts';

const LOCAL = /^[^\s@<>()[\]\\,;:"]{1,64}$/u;
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

const isAddress = (text: string): boolean => {
  const at = text.indexOf('@');
  if (at < 1 || text.length > 254) return false;
  const local = text.slice(0, at);
  if (!LOCAL.test(local) || /^\.|\.\.|\.$/.test(local)) return false;
  const domain = text.slice(at + 1);
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/\.\d+$/.test(domain);
};

/** An email address; letters outside ASCII are legal on both sides of the @ (RFC 6531). */
export const email: Field<string> = {
  sends: 'lower case',
  invalidWhen: 'it is not an address',
  schema: { type: 'string', examples: ['Ada@Example.com'] },
  parse: (value, ctx) => {
    const address = typeof value === 'string' ? value.toLowerCase() : '';
    return isAddress(address) ? address : ctx.invalid('not_an_address');
  },
};
