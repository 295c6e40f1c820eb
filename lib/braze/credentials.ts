import { ConfigurationError } from '../errors.ts';

/** Braze's REST endpoint and the API key for it. */
export interface BrazeCredentials {
  /** Scheme and host, no trailing slash. */
  readonly url: string;
  readonly apiKey: string;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** A pattern instead of a list, so that new Braze instances work. */
const BRAZE_HOST = /^rest\.[a-z0-9-]+\.braze\.(?:com|eu)$/;

/**
 * Parses a REST endpoint as an operator writes it, and returns its origin; `undefined` if it is invalid. `http` is only
 * for an emulator on the same machine, so deployed functions do not accept it.
 */
export const toBrazeUrl = (text: string, isDeployed = false): string | undefined => {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined;
  }
  if (!/^\/*$/.test(url.pathname)) return undefined;
  const isLoopback = LOOPBACK.test(url.hostname);
  if (url.protocol === 'http:') return isLoopback && !isDeployed ? url.origin : undefined;
  return url.protocol === 'https:' && (isLoopback || BRAZE_HOST.test(url.host)) ? url.origin : undefined;
};

/** Why an API key is invalid, without repeating it; `undefined` for a valid one. */
export const findApiKeyProblem = (key: string): string | undefined => {
  if (key === '') return 'is empty';
  if (/^\s|\s$/.test(key)) return 'has blanks around it';
  if (/^["'`“”‘’]|["'`“”‘’]$/.test(key)) return 'has quotes around it';
  return /^[\x21-\x7e]+$/.test(key) ? undefined : 'is not a key';
};

export const parseCredentials = (
  path: string,
  values: ReadonlyMap<string, string>,
  isDeployed: boolean,
): BrazeCredentials | ConfigurationError => {
  const url = values.get('braze_url');
  const apiKey = values.get('braze_api_key');
  if (url === undefined) return new ConfigurationError(`The parameter ${path}/braze_url is missing.`);
  if (apiKey === undefined) return new ConfigurationError(`The parameter ${path}/braze_api_key is missing.`);
  const origin = toBrazeUrl(url, isDeployed);
  if (origin === undefined)
    return new ConfigurationError(`The parameter ${path}/braze_url is not a Braze REST endpoint.`);
  const fault = findApiKeyProblem(apiKey);
  if (fault !== undefined) return new ConfigurationError(`The parameter ${path}/braze_api_key ${fault}.`);
  return { url: origin, apiKey };
};
