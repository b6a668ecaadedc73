import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { der, derBits, derInteger, derOctets, derOid, derSequence, derSet, derText, derTime, derTrue } from './der.ts';

/** A certificate that ends sooner is replaced. */
const KEPT_DAYS = 30;
const CA_DAYS = 3650;
/** What clients take at most is 825 days. */
const HOST_DAYS = 800;
const DAY_MS = 86_400_000;
const CA_NAME = 'netform lab CA';

// RFC 5758, 5280
const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectNames: '2.5.29.17',
  constraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** The CA of a lab as PEM: its key, then its certificate; `known` when that is one that can go on. */
export function caPem(known: string | null): string {
  if (known !== null && readPair(known) !== null) return known;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const certificate = signed({
    ...{ issuer: CA_NAME, subject: CA_NAME, publicKey, key: privateKey, days: CA_DAYS },
    extensions: [
      extension(OID.constraints, derSequence(derTrue, derInteger(Buffer.from([0]))), true),
      // keyCertSign and cRLSign.
      extension(OID.keyUsage, derBits(Buffer.from([0x06]), 1), true),
      extension(OID.subjectKey, derOctets(keyId(publicKey))),
    ],
  });
  return keyText(privateKey) + certificate;
}

/** The certificate of such a PEM. */
export const certificateText = (pem: string): string => pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----'));

/** A key, and a certificate for hosts that a CA (as `caPem` gives it) signs; `known` when that is one. */
export function hostPem(ca: string, hosts: readonly string[], known: string | null): string {
  const issuer = readPair(ca);
  if (issuer === null) return '';
  const names = hosts.map((host) => `DNS:${host}`).join(', ');
  const kept = known === null ? null : readPair(known);
  if (
    known !== null &&
    kept?.certificate.subjectAltName === names &&
    kept.certificate.verify(issuer.certificate.publicKey)
  )
    return known;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const certificate = signed({
    // ub-common-name of RFC 5280 is 64.
    ...{ issuer: CA_NAME, subject: (hosts[0] ?? '').slice(0, 64), publicKey, key: issuer.key, days: HOST_DAYS },
    extensions: [
      extension(OID.constraints, derSequence(), true),
      // digitalSignature.
      extension(OID.keyUsage, derBits(Buffer.from([0x80]), 7), true),
      extension(OID.extendedUsage, derSequence(derOid(OID.serverAuth))),
      extension(OID.subjectKey, derOctets(keyId(publicKey))),
      extension(OID.authorityKey, derSequence(der(0x80, keyId(issuer.certificate.publicKey)))),
      extension(OID.subjectNames, derSequence(...hosts.map((host) => der(0x82, Buffer.from(host))))),
    ],
  });
  return keyText(privateKey) + certificate;
}

/** A key and its certificate; null: the text does not have them, or not for much longer. */
function readPair(pem: string): { readonly key: KeyObject; readonly certificate: X509Certificate } | null {
  try {
    const [key, certificate] = [createPrivateKey(pem), new X509Certificate(pem)];
    const isLasting = Date.parse(certificate.validTo) - Date.now() > KEPT_DAYS * DAY_MS;
    return isLasting && certificate.checkPrivateKey(key) ? { key, certificate } : null;
  } catch {
    return null;
  }
}

type Unsigned = {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** Of the issuer. */
  readonly key: KeyObject;
  readonly days: number;
  readonly extensions: readonly Uint8Array[];
};

/** A certificate of version 3 as PEM (RFC 5280, 4.1). It holds from a day ago, so that clocks need not agree. */
function signed({ issuer, subject, publicKey, key, days, extensions }: Unsigned): string {
  const algorithm = derSequence(derOid(OID.ecdsaWithSha256));
  const now = Date.now();
  const body = derSequence(
    der(0xa0, derInteger(Buffer.from([2]))),
    derInteger(randomBytes(16)),
    algorithm,
    nameOf(issuer),
    derSequence(derTime(new Date(now - DAY_MS)), derTime(new Date(now + days * DAY_MS))),
    nameOf(subject),
    spki(publicKey),
    der(0xa3, derSequence(...extensions)),
  );
  const whole = derSequence(body, algorithm, derBits(sign('sha256', body, key)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const nameOf = (text: string): Buffer => derSequence(derSet(derSequence(derOid(OID.commonName), derText(text))));

const extension = (oid: string, value: Uint8Array, isCritical = false): Buffer =>
  derSequence(derOid(oid), ...(isCritical ? [derTrue] : []), derOctets(value));

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** Any digest of the key will do (RFC 5280, 4.2.1.2). */
const keyId = (key: KeyObject): Buffer => createHash('sha256').update(spki(key)).digest().subarray(0, 20);

const keyText = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));
