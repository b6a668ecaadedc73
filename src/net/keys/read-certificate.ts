import { createPrivateKey, X509Certificate } from 'node:crypto';

/** A certificate with its key: whether it is for a host, `*.lab.test` for all names of one label there. Or what is wrong, and what to do. */
export type CertificateReading =
  | { readonly isFor: (host: string) => boolean }
  | { readonly problem: string; readonly hint: string };

const KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
const LOCKED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** Reads PEM (RFC 7468): the certificate of the server first, then those that sign it, and its key anywhere. */
export function readCertificate(pem: string): CertificateReading {
  const bytes = Buffer.from(pem, 'latin1');
  const certificate = orNull(() => new X509Certificate(bytes));
  if (certificate === null) return { problem: 'holds no certificate', hint: 'it has certificate and key, as PEM' };
  if (LOCKED.test(pem))
    return { problem: 'has a key that is encrypted', hint: 'decrypt it: openssl pkey -in KEY.pem -out PLAIN.pem' };
  const key = orNull(() => createPrivateKey(bytes));
  if (key === null) {
    const hint = 'put both into one file: cat cert.pem key.pem >both.pem';
    return { problem: KEY.test(pem) ? 'has a key that cannot be read' : 'holds no private key', hint };
  }
  if (!certificate.checkPrivateKey(key)) {
    const hint = 'the certificate of the server comes first, then those that sign it';
    return { problem: 'has a key that is not that of its first certificate', hint };
  }
  return { isFor: (host) => certificate.checkHost(host.replace(/^\*(?=\.)/, 'any')) !== undefined };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
