/**
 * What the generator replaces in the templates: each name in capitals by the text of the new node's own value. A line
 * whose slot has no value is left out. The values here only make the templates type check.
 */
import type { BrazeRequest } from '../../../lib/braze/endpoint.ts';
import type { ExtraOutcomes, ResponseOutcome } from '../../../lib/node/definition.ts';
import type { IdentifierName } from '../../../lib/payload/identity.ts';
import type { Call } from '../../../lib/payload/parse.ts';
import type { Fields } from '../../../lib/payload/schema.ts';

export const NAME: string = 'new-node';
export const DESCRIPTION: string = 'What it does.';
export const EXAMPLE: { readonly payload: { readonly [key: string]: unknown } } = { payload: {} };
export const PATH: string = 'new/node';
export const PERMISSION: string = 'new.node';
export const IS_IDEMPOTENT: boolean = false;
export const QUEUE_ON_FAILURE: boolean = true;
export const IDENTIFIERS: readonly IdentifierName[] = ['external_id'];
export const EXACT_IDENTITY: boolean = false;
export const FIELDS: Fields = {};
export const TO_REQUEST = (_payload: unknown, _call: Call): BrazeRequest | undefined => undefined;
export const OUTCOMES: ExtraOutcomes = {};
export const READ_RESPONSE = (): ResponseOutcome<ExtraOutcomes> | undefined => undefined;

export const PROFILE: { readonly [name: string]: never } = {};
export const PAYLOAD: object = {};
export const ANSWER: object = {};
export const REQUEST: object = {};
export const INCOMPLETE: object = {};
