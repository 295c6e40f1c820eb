import { createSign, generateKeyPairSync } from 'node:crypto';

const der = (tag: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const [INTEGER, BITS, OCTETS, ID, TEXT, TIME, SEQUENCE, SET] = [0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x30, 0x31];
const id = (hex: string) => der(ID, Buffer.from(hex, 'hex'));
const timeOf = (ms: number) => der(TIME, `${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`);

/** A certificate of a day for 127.0.0.1 that nobody vouches for; X.509 in DER, by hand, since Node can't make one. */
export const makeCertificate = (): { readonly key: string; readonly cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const withEcdsa = der(SEQUENCE, id('2a8648ce3d040302'));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, id('550403'), der(TEXT, 'loopback'))));
  const alternativeName = der(
    SEQUENCE,
    id('551d11'),
    der(OCTETS, der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])))),
  );
  const certified = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    withEcdsa,
    name,
    der(SEQUENCE, timeOf(Date.now() - 3_600_000), timeOf(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, alternativeName)),
  );
  const signature = createSign('sha256').update(certified).sign(privateKey);
  const certificate = der(SEQUENCE, certified, withEcdsa, der(BITS, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
};
