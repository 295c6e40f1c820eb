import tlds from 'tlds/index.json' with { type: 'json' };
import { foldText } from '../characters.ts';
import { createLazyExpression } from '../lazy-expression.ts';
import type { Field } from '../schema.ts';

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
const MAX_ADDRESS_CHARACTERS = 254;
const MAX_LOCAL_CHARACTERS = 64;
/** At Gmail only. */
const MIN_GMAIL_LOCAL_CHARACTERS = 2;

// Braze's expressions: https://www.braze.com/docs/user_guide/message_building_by_channel/email/email_setup/email_validation
const unicodeLocal = createLazyExpression(String.raw`^[\p{L}\p{N}_-](?:[.+'\p{L}\p{N}_&#/-]*[\p{L}\p{N}_-])?$`, 'u');
/** The same for ASCII, because it compiles faster at a cold start. */
const ASCII_LOCAL = /^[\w-](?:[.+'\w&#/-]*[\w-])?$/;
const MICROSOFT_DOMAIN = /msn|hotmail|outlook|live/;
const MICROSOFT_LOCAL = /^\w[\w-]*(?:\.[\w-]+)*$/;
/** Characters that are accepted nowhere in an address. Braze's expression for Microsoft stops at the first `+`. */
const NEVER_ACCEPTED = /[\s*?!$%^(){}[\]~,;:<>"\\@]/;
const GMAIL_DOMAIN = /^(?:gmail|googlemail)\.com$/;
const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+([a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)$/;
const unicodeDomain = createLazyExpression(
  String.raw`^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|[.。](?=[\p{L}\p{N}])|-(?![.。]|$))*$`,
  'u',
);

const toPunycode = (domain: string): string => URL.parse(`http://${domain}`)?.hostname ?? '';

let asciiTlds: ReadonlySet<string> | undefined;
let punycodeTlds: ReadonlySet<string> | undefined;
/** Whether a top-level domain, in ASCII or Punycode, is in ICANN's list. */
const isKnownTld = (tld: string): boolean => {
  if (!tld.startsWith('xn--')) {
    asciiTlds ??= new Set(tlds);
    return asciiTlds.has(tld);
  }
  punycodeTlds ??= new Set(tlds.filter((name) => /[^a-z]/.test(name)).map(toPunycode));
  return punycodeTlds.has(tld);
};

const toDomain = (text: string): string | undefined => {
  const domain = /^[\x21-\x7e]+$/.test(text) || !unicodeDomain().test(text) ? text : toPunycode(text);
  const tld = DOMAIN.exec(domain)?.[1];
  return tld !== undefined && isKnownTld(tld) ? domain : undefined;
};

const isLocal = (local: string, domain: string): boolean => {
  if (MICROSOFT_DOMAIN.test(domain)) {
    return MICROSOFT_LOCAL.test(local.replace(/\+.*$/s, '')) && !NEVER_ACCEPTED.test(local);
  }
  // Two dots in a row violate RFC 2822, which Braze's page requires.
  if (!(ASCII_LOCAL.test(local) || unicodeLocal().test(local)) || local.includes('..')) return false;
  return !GMAIL_DOMAIN.test(domain) || [...local].length >= MIN_GMAIL_LOCAL_CHARACTERS;
};

const toAddress = (text: string): string | undefined => {
  const address = foldText(text).toLowerCase();
  const at = address.indexOf('@');
  if (at < 1 || address.length > MAX_ADDRESS_CHARACTERS) return undefined;
  const local = address.slice(0, at);
  const domain = toDomain(address.slice(at + 1));
  if (domain === undefined || [...local].length > MAX_LOCAL_CHARACTERS || !isLocal(local, domain)) return undefined;
  return local.length + 1 + domain.length > MAX_ADDRESS_CHARACTERS ? undefined : `${local}@${domain}`;
};

/**
 * An address that Braze accepts. Braze rejects a whole object because of an invalid address. Before the `@`, letters
 * outside ASCII are accepted; after it, they are sent as Punycode.
 */
export const email: Field<string> = {
  sends: 'lower case, the domain in Punycode',
  invalidWhen: 'Braze does not accept it as an address (its page “Email validation”)',
  schema: { type: 'string', examples: ['Ada@Example.com'] },
  parse: (value, ctx) => (typeof value === 'string' ? toAddress(value) : undefined) ?? ctx.invalid('not_an_address'),
};
