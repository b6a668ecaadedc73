/** The tags of DER (X.690) that certificates are made of. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value with a tag and its length (X.690, 8.1.3). */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const digits = content.length.toString(16);
  const long = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const length = content.length < 0x80 ? [content.length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

export const derSequence = (...parts: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...parts);

export const derSet = (...parts: readonly Uint8Array[]): Buffer => der(TAG.set, ...parts);

export const derTrue: Uint8Array = der(TAG.boolean, Buffer.from([0xff]));

/** A number that is not negative, by its bytes. */
export const derInteger = (bytes: Uint8Array): Buffer =>
  der(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes);

/** A string of whole bytes, but for `unused` bits at its end. */
export const derBits = (bytes: Uint8Array, unused = 0): Buffer => der(TAG.bits, Buffer.from([unused]), bytes);

export const derOctets = (bytes: Uint8Array): Buffer => der(TAG.octets, bytes);

export const derText = (text: string): Buffer => der(TAG.utf8, Buffer.from(text, 'utf8'));

/** `1.2.840.10045.4.3.2`. */
export function derOid(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  return der(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(inGroupsOfSeven)]));
}

const inGroupsOfSeven = (number: number): readonly number[] => {
  const groups = [number & 0x7f];
  for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f));
  return groups;
};

/** A time to the second: of two digits for the year before 2050 (RFC 5280, 4.1.2.5). */
export function derTime(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return date.getUTCFullYear() < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.time, Buffer.from(digits));
}
