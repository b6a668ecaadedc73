import { createHash } from 'node:crypto';
import { shortSha256 } from './short-sha256.ts';

/** The SHA-256 of a text's UTF-8, as 64 lower-case hexadecimal digits or as 44 characters of base64. */
export function sha256(text: string, encoding: 'hex' | 'base64' = 'hex'): string {
  // node:crypto takes 3 ms to load: a tenth of all that most starts are allowed.
  if (text.length <= MOST_CHARACTERS) return Buffer.from(shortSha256(Buffer.from(text)).buffer).toString(encoding);
  return createHash('sha256').update(text).digest(encoding);
}

/** What is hashed in most runs is the name of something. */
const MOST_CHARACTERS = 256;

/** The SHA-256 of bytes, one character for each, in hexadecimal. */
export const sha256Latin1 = (bytes: string): string => createHash('sha256').update(bytes, 'latin1').digest('hex');
