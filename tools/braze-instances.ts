import { toBrazeUrl } from '../lib/braze/credentials.ts';

/** Braze's instances in 2026 (https://www.braze.com/docs/api/basics#endpoints); a newer one is accepted by its URL. */
const INSTANCES: ReadonlyMap<string, string> = new Map([
  ...['01', '02', '03', '04', '05', '06', '07', '08'].map(
    (number) => [`US-${number}`, `https://rest.iad-${number}.braze.com`] as const,
  ),
  ['US-10', 'https://rest.us-10.braze.com'],
  ['EU-01', 'https://rest.fra-01.braze.eu'],
  ['EU-02', 'https://rest.fra-02.braze.eu'],
  ['AU-01', 'https://rest.au-01.braze.com'],
  ['ID-01', 'https://rest.id-01.braze.com'],
  ['JP-01', 'https://rest.jp-01.braze.com'],
  ['KR-01', 'https://rest.kr-01.braze.com'],
]);

export const instanceNames: readonly string[] = [...INSTANCES.keys()];

/** Braze's name of the instance at this endpoint, if it is a known one. */
export const findInstance = (url: string): string | undefined =>
  instanceNames.find((name) => INSTANCES.get(name) === url);

/** The REST endpoint that an operator means: the name of an instance, or a URL that the nodes accept. */
export const parseEndpoint = (text: string): string | undefined =>
  INSTANCES.get(text.trim().toUpperCase()) ?? toBrazeUrl(text);

/** `toBrazeUrl` lets only Braze's hosts and loopback pass. */
export const isLoopback = (url: string): boolean => !/^rest\..+\.braze\.(?:com|eu)$/.test(new URL(url).hostname);
