import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Takes the place of node:crypto, as far as the nodes need it; Web Crypto would do, but it is asynchronous. */
export const createHmac = (_algorithm: 'sha256', secret: string) => {
  let message = new Uint8Array();
  const self = {
    update: (data: string | Uint8Array) => {
      message = concatBytes(message, typeof data === 'string' ? utf8ToBytes(data) : data);
      return self;
    },
    digest: () => withToString(hmac(sha256, utf8ToBytes(secret), message)),
  };
  return self;
};

export const createHash = (_algorithm: 'sha256') => ({
  update: (text: string) => ({ digest: (_encoding: 'hex'): string => bytesToHex(sha256(utf8ToBytes(text))) }),
});

/** The page compares nothing that anybody could attack. */
export const timingSafeEqual = (one: Uint8Array, other: Uint8Array): boolean => bytesToHex(one) === bytesToHex(other);

const withToString = (bytes: Uint8Array) => Object.assign(bytes, { toString: () => bytesToHex(bytes) });

/** Takes the place of Buffer, as far as the nodes use it. */
export const BrowserBuffer = {
  byteLength: (text: string): number => utf8ToBytes(text).length,
  from: (text: string, encoding: 'utf8' | 'hex'): Uint8Array =>
    encoding === 'hex' ? hexToBytes(text) : utf8ToBytes(text),
};
