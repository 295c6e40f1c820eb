import { createHandler } from '../../../lib/node/create-handler.ts';
import { defineNode } from '../../../lib/node/definition.ts';
import { object } from '../../../lib/payload/schema.ts';
import {
  DESCRIPTION,
  ENDPOINT,
  EXACT_IDENTITY,
  EXAMPLE,
  FIELDS,
  IDENTIFIERS,
  NAME,
  OUTCOMES,
  READ_RESPONSE,
  TO_REQUEST,
} from './slots.ts';

export const newNode = defineNode({
  name: NAME,
  description: DESCRIPTION,
  example: EXAMPLE,
  endpoint: ENDPOINT,
  identifiers: IDENTIFIERS,
  exactIdentity: EXACT_IDENTITY,
  payload: object(FIELDS),
  toRequest: TO_REQUEST,
  outcomes: OUTCOMES,
  readResponse: READ_RESPONSE,
});

export const handler = createHandler(newNode);
