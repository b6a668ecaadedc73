import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/model/values/hash.ts';
import { shortSha256 } from '../../../src/model/values/short-sha256.ts';

test('short bytes have the SHA-256 that OpenSSL gives them', () => {
  for (let length = 0; length < 200; length++) expectEqualHash(Buffer.alloc(length, length));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectEqualHash));
});

test('short and long texts have the SHA-256 of their UTF-8, in both notations', () => {
  for (const text of ['', 'red', 'ü'.repeat(256), 'ü'.repeat(257)])
    for (const encoding of ['hex', 'base64'] as const)
      expect(sha256(text, encoding)).toBe(createHash('sha256').update(text).digest(encoding));
});

function expectEqualHash(bytes: Uint8Array): void {
  const wanted = createHash('sha256').update(bytes).digest('hex');
  expect(Buffer.from(shortSha256(bytes)).toString('hex')).toBe(wanted);
}
