/**
 * What the generator replaces in the templates: each name in capitals by the text of the new node's own value. A line
 * whose slot has no value is left out. The values here only make the templates type check.
 */
import type { LocalStageOptions } from '../../../emulators/local-stage.ts';
import type { BrazeRequest, Endpoint } from '../../../lib/braze/endpoint.ts';
import type { ExtraOutcomes, ResponseOutcome } from '../../../lib/node/definition.ts';
import type { IdentifierName } from '../../../lib/payload/identity.ts';
import type { Call } from '../../../lib/payload/parse.ts';
import type { Fields } from '../../../lib/payload/schema.ts';

export const NAME: string = 'new-node';
export const DESCRIPTION: string = 'What it does.';
export const EXAMPLE: { readonly payload: { readonly [key: string]: unknown } } = { payload: {} };
export const ENDPOINT: Endpoint = {
  path: 'new/node',
  permission: 'new.node',
  maxObjects: 1,
  isIdempotent: () => false,
  queueOnFailure: true,
};
export const IDENTIFIERS: readonly IdentifierName[] = ['external_id'];
export const EXACT_IDENTITY: boolean = false;
export const FIELDS: Fields = {};
export const TO_REQUEST = (_payload: unknown, _call: Call): BrazeRequest | undefined => undefined;
export const OUTCOMES: ExtraOutcomes = {};
export const READ_RESPONSE = (): ResponseOutcome<ExtraOutcomes> | undefined => undefined;

export const SEEDS: LocalStageOptions = {};
export const TITLE: string = 'what it does';
export const PAYLOAD: object = {};
export const EXPECTED: string = 'sent';
export const TARGET: string = 'POST /new/node';
export const BODY: object = {};
export const INCOMPLETE: object = {};
export const ANSWERS: readonly [outcome: string, status: number, body: object][] = [];
