import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
/** RFC 8410: what stands before the 32 bytes of a private key of X25519 in PKCS #8. */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The bytes of a key in base64; null: it is not one of 32 bytes, written as `wg` writes it. */
export function wireguardKeyBytes(key: string): Buffer | null {
  const bytes = Buffer.from(key, 'base64');
  return bytes.length === KEY_BYTES && bytes.toString('base64') === key ? bytes : null;
}

/** A new private key in base64. */
export const makeWireguardKey = (): string => clampWireguardKey(randomBytes(KEY_BYTES).toString('base64'));

/** A private key with the bits of X25519 set (RFC 7748, 5), as `wg genkey` makes it and the kernel keeps it. */
export function clampWireguardKey(key: string): string {
  const bytes = Buffer.from(key, 'base64');
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[KEY_BYTES - 1] = ((bytes[KEY_BYTES - 1] ?? 0) & 127) | 64;
  return bytes.toString('base64');
}

/** The public key of a private one, both in base64; null: it is not a key. */
export function wireguardPublicKey(privateKey: string): string | null {
  const bytes = wireguardKeyBytes(privateKey);
  if (bytes === null) return null;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, bytes]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}
