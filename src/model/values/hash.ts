import { createHash } from 'node:crypto';

/** The SHA-256 of a text's UTF-8, as 64 lower-case hexadecimal digits or as 44 characters of base64. */
export const sha256 = (text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHash('sha256').update(text).digest(encoding);

/** The SHA-256 of bytes, one character for each, in hexadecimal. */
export const sha256Latin1 = (bytes: string): string => createHash('sha256').update(bytes, 'latin1').digest('hex');
