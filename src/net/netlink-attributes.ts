import { formatIpv6, type IpAddress, parseAddress } from './address.ts';

const NLA_F_NESTED = 0x8000;
const NLA_TYPE_MASK = 0x3fff;
const NLA_HDRLEN = 4;

/** One attribute (linux/netlink.h, struct nlattr): u16 length with the header, u16 type, payload padded to four bytes. */
export function bytesAttribute(type: number, payload: Buffer): Buffer {
  const length = NLA_HDRLEN + payload.length;
  const buffer = Buffer.allocUnsafe(align(length));
  buffer.writeUInt16LE(length, 0);
  buffer.writeUInt16LE(type, 2);
  payload.copy(buffer, NLA_HDRLEN);
  return buffer.fill(0, length);
}

/** An attribute that holds an unsigned byte. */
export const u8Attribute = (type: number, value: number): Buffer => bytesAttribute(type, Buffer.from([value]));

/** An attribute that holds 16 bits in host byte order. */
export function u16Attribute(type: number, value: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16LE(value);
  return bytesAttribute(type, payload);
}

/** An attribute that holds 32 bits in host byte order. */
export function u32Attribute(type: number, value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(value);
  return bytesAttribute(type, payload);
}

/** 16 bits in network byte order: a port, or the type of a frame. */
export function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(port);
  return bytes;
}

/** A string with its NUL. */
export const stringAttribute = (type: number, value: string): Buffer => bytesAttribute(type, Buffer.from(`${value}\0`));

/** A string without a NUL: IFLA_IFALIAS counts it among its 255 bytes. */
export const bareStringAttribute = (type: number, value: string): Buffer => bytesAttribute(type, Buffer.from(value));

export const nestedAttribute = (type: number, children: readonly Buffer[]): Buffer =>
  nestedBytesAttribute(type, Buffer.concat(children));

/** Attributes that are encoded already, inside another. */
export const nestedBytesAttribute = (type: number, payload: Buffer): Buffer =>
  bytesAttribute(type | NLA_F_NESTED, payload);

/** The attribute of a value that is there; nothing otherwise. For spreading into a list. */
export const optionalAttribute = <T>(value: T | null | undefined, make: (value: T) => Buffer): readonly Buffer[] =>
  value === null || value === undefined ? [] : [make(value)];

/** The payloads of attributes, each decoded only when it is read: most never are. `bytes`: all of them as they came. */
export type NetlinkAttributes = {
  readonly get: (type: number) => Buffer | undefined;
  readonly bytes: () => Buffer;
};

/** Attributes by type, from an offset on. Of a repeated type it is the last. */
export const parseAttributes = (buffer: Buffer, from = 0): NetlinkAttributes => ({
  get: (type) => {
    let found: Buffer | undefined;
    for (let at = from; at + NLA_HDRLEN <= buffer.length; ) {
      const length = u16At(buffer, at);
      if (length < NLA_HDRLEN || at + length > buffer.length) break;
      if ((u16At(buffer, at + 2) & NLA_TYPE_MASK) === type) found = buffer.subarray(at + NLA_HDRLEN, at + length);
      at += align(length);
    }
    return found;
  },
  bytes: () => buffer.subarray(from),
});

/** An attribute: `whole` with its header and padded to four bytes, `payload` without. */
type ListedAttribute = { readonly type: number; readonly whole: Buffer; readonly payload: Buffer };

/** All of them in their order. */
export function listAttributes(buffer: Buffer): readonly ListedAttribute[] {
  const found: ListedAttribute[] = [];
  for (let at = 0; at + NLA_HDRLEN <= buffer.length; ) {
    const length = u16At(buffer, at);
    if (length < NLA_HDRLEN || at + length > buffer.length) break;
    const type = u16At(buffer, at + 2) & NLA_TYPE_MASK;
    const payload = buffer.subarray(at + NLA_HDRLEN, at + length);
    found.push({ type, whole: buffer.subarray(at, at + align(length)), payload });
    at += align(length);
  }
  return found;
}

/** Called with the number of an attribute, and where its payload begins and ends in the buffer. */
type AttributeVisitor = (type: number, start: number, end: number) => void;

/** Visits the attributes from an offset on without making a buffer of any. */
export function visitAttributes(buffer: Buffer, from: number, visit: AttributeVisitor): void {
  for (let at = from; at + NLA_HDRLEN <= buffer.length; ) {
    const length = u16At(buffer, at);
    if (length < NLA_HDRLEN || at + length > buffer.length) break;
    visit(u16At(buffer, at + 2) & NLA_TYPE_MASK, at + NLA_HDRLEN, at + length);
    at += align(length);
  }
}

const u16At = (buffer: Buffer, at: number): number => (buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8);

/** The attributes inside a nested one; empty when it is not there. */
export const parseNestedAttributes = (payload: Buffer | undefined): NetlinkAttributes =>
  payload ? parseAttributes(payload) : NO_ATTRIBUTES;

const NO_ATTRIBUTES: NetlinkAttributes = { get: () => undefined, bytes: () => Buffer.alloc(0) };

export const decodeU8 = (payload: Buffer | undefined): number | null => (payload?.length ? payload.readUInt8() : null);
export const decodeU16 = (payload: Buffer | undefined): number | null =>
  payload && payload.length >= 2 ? payload.readUInt16LE() : null;
export const decodeU32 = (payload: Buffer | undefined): number | null =>
  payload && payload.length >= 4 ? payload.readUInt32LE() : null;
export const decodeU64 = (payload: Buffer | undefined): number | null =>
  payload && payload.length >= 8 ? Number(payload.readBigUInt64LE()) : null;
export const decodeI32 = (payload: Buffer | undefined): number | null =>
  payload && payload.length >= 4 ? payload.readInt32LE() : null;

/** Text up to the first NUL. */
export function decodeString(payload: Buffer | undefined): string | null {
  if (!payload) return null;
  const end = payload.indexOf(0);
  return payload.toString('utf8', 0, end < 0 ? payload.length : end);
}

/** `02:4e:46:00:00:01` of six bytes; empty text of a device without an address. */
export const decodeMac = (payload: Buffer | undefined): string =>
  payload?.toString('hex').replace(/..(?=.)/g, '$&:') ?? '';

export const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');

/** Canonical text of four or sixteen bytes. */
export function decodeIpAddress(payload: Buffer): string {
  if (payload.length === 4) return `${payload[0]}.${payload[1]}.${payload[2]}.${payload[3]}`;
  return formatIpv6([0, 2, 4, 6, 8, 10, 12, 14].map((at) => payload.readUInt16BE(at)));
}

/** Four or sixteen bytes of an address's text, which has passed the checks. Throws on anything else. */
export function addressBytes(text: string): Buffer {
  const address = parseAddress(text);
  if (!address) throw new Error(`invariant: ${text} is not an address`);
  return ipBytes(address);
}

/** Four or sixteen bytes. */
export const ipBytes = ({ family, value }: IpAddress): Buffer =>
  Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, '0'), 'hex');

// linux/socket.h
const AF_INET = 2;
const AF_INET6 = 10;

/** AF_INET or AF_INET6. */
export const addressFamilyNumber = (family: 4 | 6): number => (family === 4 ? AF_INET : AF_INET6);

/** 4, 6, or null of any other AF_*. */
export function familyOfAf(af: number): 4 | 6 | null {
  if (af === AF_INET) return 4;
  return af === AF_INET6 ? 6 : null;
}

const align = (length: number): number => (length + 3) & ~3;
