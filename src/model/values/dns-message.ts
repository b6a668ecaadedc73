/** What is asked of a DNS server: a name without the last dot, and what about it. */
export type DnsQuestion = { readonly name: string; readonly type: 'TXT' | 'AAAA' };

// RFC 1035, 4.1: header and question; RFC 3596: AAAA
const TYPES = { TXT: 16, AAAA: 28 } as const;
const CLASS_IN = 1;
const HEADER_BYTES = 12;
const RESPONSE = 0x80;
const RCODE = 0x0f;
/** The two high bits of a length say that the rest of the name stands elsewhere. */
const POINTER = 0xc0;

/** The bytes of one question (RFC 1035, 4.1). `id`: what the answer begins with, 0 to 65535. */
export function encodeDnsQuestion({ name, type }: DnsQuestion, id: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(1, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(TYPES[type], 0);
  tail.writeUInt16BE(CLASS_IN, 2);
  return Buffer.concat([header, encodeDnsName(name), tail]);
}

/** The wire form of a name: each label with its length, and an empty one at the end. */
export const encodeDnsName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

/**
 * The answers of a message: the texts of a TXT record joined, the 32 hexadecimal digits of an AAAA one. Null: it does not
 * answer the question of that id. A name that does not exist has no answers.
 */
export function decodeDnsAnswers(message: Buffer, { type }: DnsQuestion, id: number): readonly string[] | null {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== id) return null;
  if (((message[2] ?? 0) & RESPONSE) === 0 || ((message[3] ?? 0) & RCODE) !== 0) return [];
  const answers: string[] = [];
  let at = HEADER_BYTES;
  for (let n = message.readUInt16BE(4); n > 0; n--) at = skipName(message, at) + 4;
  for (let n = message.readUInt16BE(6); n > 0; n--) {
    at = skipName(message, at);
    if (at + 10 > message.length) return answers;
    const [found, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 8)];
    const data = message.subarray(at + 10, at + 10 + length);
    if (found === TYPES[type]) answers.push(type === 'TXT' ? joinTexts(data) : data.toString('hex'));
    at += 10 + length;
  }
  return answers;
}

function skipName(message: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = message[at] ?? 0;
    if ((length & POINTER) === POINTER) return at + 2;
    at += 1 + length;
    if (length === 0 || at >= message.length) return at;
  }
}

function joinTexts(data: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0))
    texts.push(data.toString('latin1', at + 1, at + 1 + (data[at] ?? 0)));
  return texts.join('');
}
