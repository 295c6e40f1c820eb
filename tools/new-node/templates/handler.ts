import { createHandler } from '../../../lib/node/create-handler.ts';
import { defineNode } from '../../../lib/node/definition.ts';
import { object } from '../../../lib/payload/schema.ts';
import {
  DESCRIPTION,
  EXACT_IDENTITY,
  EXAMPLE,
  FIELDS,
  IDENTIFIERS,
  IS_IDEMPOTENT,
  NAME,
  OUTCOMES,
  PATH,
  PERMISSION,
  QUEUE_ON_FAILURE,
  READ_RESPONSE,
  TO_REQUEST,
} from './slots.ts';

export const newNode = defineNode({
  name: NAME,
  description: DESCRIPTION,
  example: EXAMPLE,
  endpoint: {
    path: PATH,
    permission: PERMISSION,
    maxObjects: 1,
    isIdempotent: () => IS_IDEMPOTENT,
    queueOnFailure: QUEUE_ON_FAILURE,
  },
  identifiers: IDENTIFIERS,
  exactIdentity: EXACT_IDENTITY,
  payload: object(FIELDS),
  toRequest: TO_REQUEST,
  outcomes: OUTCOMES,
  readResponse: READ_RESPONSE,
});

export const handler = createHandler(newNode);
