import { isArray, isObject, isText, type Json, type JsonObject } from '../../json.ts';
import { ItemRefused } from '../refusal.ts';

const checkDevice = (id: Json | undefined): void => {
  if (id === undefined) return;
  const bytes = typeof id === 'string' ? Buffer.byteLength(id) : 0;
  if (bytes < 8 || bytes > 255) throw new ItemRefused('BAD_DEVICE_ID');
};

export const checkPushTokens = (value: Json, apps: readonly string[] | undefined): void => {
  if (!isArray(value)) throw new ItemRefused('BAD_PUSH_TOKEN_VALUE');
  for (const item of value) {
    if (!isObject(item)) throw new ItemRefused('BAD_PUSH_TOKEN_VALUE');
    if (!isText(item.app_id) || apps?.includes(item.app_id) === false) throw new ItemRefused('BAD_PUSH_TOKEN_APP_ID');
    if (!isText(item.token)) throw new ItemRefused('BAD_PUSH_TOKEN_STRING');
    checkDevice(item.device_id);
  }
};

/** Whether the object imports push tokens of somebody who is not known yet. */
export const isTokenImport = (item: JsonObject): boolean => {
  if (item.push_token_import !== true) return false;
  const hasTokens = isArray(item.push_tokens) && item.push_tokens.length > 0;
  if (!hasTokens || Object.hasOwn(item, 'external_id') || Object.hasOwn(item, 'braze_id')) {
    throw new ItemRefused('BAD_PUSH_TOKEN_IMPORT');
  }
  return true;
};
