import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { caPem, certificateText, hostPem } from '../../../src/net/keys/make-certificate.ts';
import { readCertificate } from '../../../src/net/keys/read-certificate.ts';

const HOSTS = ['app.lab.test', '*.wild.test'];

test('a CA signs certificates for hosts, which stay as long as they can', () => {
  const ca = caPem(null);
  expect(caPem(ca)).toBe(ca);
  expect(certificateText(ca)).not.toContain('PRIVATE');
  const pem = hostPem(ca, HOSTS, null);
  expect(hostPem(ca, HOSTS, pem)).toBe(pem);
  const [issuer, own] = [new X509Certificate(ca), new X509Certificate(pem)];
  expect([issuer.ca, own.ca, own.checkIssued(issuer), own.verify(issuer.publicKey)]).toEqual([true, false, true, true]);
  const read = readCertificate(pem);
  const asked = ['app.lab.test', 'x.wild.test', '*.wild.test', 'other.test', 'a.b.wild.test'];
  expect('isFor' in read && asked.map(read.isFor)).toEqual([true, true, true, false, false]);
  // For other hosts, of another CA, or damaged, it is made anew.
  expect(hostPem(ca, ['app.lab.test'], pem)).not.toBe(pem);
  expect(hostPem(caPem(null), HOSTS, pem)).not.toBe(pem);
  expect(hostPem(ca, HOSTS, pem.slice(9))).not.toContain(pem.slice(9));
  expect(caPem(ca.replace('-----END CERTIFICATE-----', ''))).not.toBe(ca);
});
