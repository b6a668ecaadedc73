import type { DnsRecord } from '../../model/lab-parts/dns-data.ts';
import { canonicalAddress, familyOf, reverseName } from '../../net/address.ts';
import { closestMatch } from '../../net/closest-match.ts';

/** A record, or what is wrong with its line and what to write. */
type RecordReading = { readonly record: DnsRecord } | RecordProblem;
type RecordProblem = { readonly problem: string; readonly hint: string };

const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'PTR', 'NS'] as const;
type RecordType = (typeof TYPES)[number];

/** What comes after the type, in words. */
const VALUES: { readonly [type in RecordType]: string } = {
  A: 'web A 10.1.0.10',
  AAAA: 'web AAAA fd00::10',
  CNAME: 'www CNAME web',
  MX: '@ MX 10 mail',
  TXT: 'txt TXT "a text"',
  SRV: '_sip._tcp SRV 0 5 5060 pbx, with priority, weight, port and target',
  PTR: '10 PTR web.lab.test.',
  NS: '@ NS ns1',
};

/** Reads `NAME TYPE VALUE` of a zone. `zone`: absolute, in lower case, without the last dot. */
export function readRecordLine(line: string, zone: string): RecordReading {
  const words = splitWords(line);
  if (words === null) return wrong('a quote is not closed', 'write the missing "');
  const [owner, second, ...values] = words;
  if (!owner || !second || owner.isQuoted || second.isQuoted)
    return wrong(`${JSON.stringify(line)} is not a record`, 'write NAME TYPE VALUE: web A 10.1.0.10');
  const type = TYPES.find((one) => one === second.text.toUpperCase());
  if (type === undefined)
    return unknownType(
      second.text,
      values.map(({ text }) => text),
    );
  const asAddress = canonicalAddress(owner.text);
  if (asAddress !== null) return addressAsName(asAddress, type);
  const name = absoluteName(owner.text, zone);
  if (name === null || !isRecordName(name)) return wrong(`${JSON.stringify(owner.text)} is not a name`, NAME_HINT);
  const typed = readValue(type, values, zone);
  return 'problem' in typed ? typed : { record: { name, ...typed } as DnsRecord };
}

type Word = { readonly text: string; readonly isQuoted: boolean };

/** The words of a line; one in quotes may have spaces, and `\"`. Null: a quote is open at the end. */
function splitWords(line: string): readonly Word[] | null {
  const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"|([^\s"]+)|"/g)];
  if (words.some(([all]) => all === '"')) return null;
  return words.map(([, quoted, plain]) =>
    quoted === undefined
      ? { text: plain ?? '', isQuoted: false }
      : { text: quoted.replaceAll(/\\(.)/g, '$1'), isQuoted: true },
  );
}

function unknownType(written: string, values: readonly string[]): RecordProblem {
  if (/^(?:in|[0-9]+[smhdw]?)$/i.test(written))
    return wrong(`${written} stands in the place of a type`, 'leave out the class and the time to live');
  const near = closestMatch(written.toUpperCase(), TYPES);
  const list = `the types are ${TYPES.join(', ')}`;
  // Two texts without a type: `web 10.1.0.10`.
  const meant =
    values.length === 0 && canonicalAddress(written) !== null ? (familyOf(written) === 4 ? 'A' : 'AAAA') : near;
  return wrong(`${written} is not a type of record`, meant === null ? list : `did you mean ${meant}?`);
}

function addressAsName(address: string, type: RecordType): RecordProblem {
  const [first = '', ...rest] = reverseName(address).split('.');
  const zone = (familyOf(address) === 4 ? rest : rest.slice(15)).join('.');
  const label = familyOf(address) === 4 ? first : [first, ...rest.slice(0, 15)].join('.');
  const hint =
    type === 'PTR'
      ? `write it in the zone ${zone}: ${label} PTR …; addresses of A and AAAA records have theirs by themselves`
      : NAME_HINT;
  return wrong(`${address} is an address, not a name`, hint);
}

type RecordValue = DnsRecord extends infer R ? (R extends { name: string } ? Omit<R, 'name'> : never) : never;

function readValue(type: RecordType, values: readonly Word[], zone: string): RecordValue | RecordProblem {
  if (type === 'TXT') return readTexts(values);
  const [last = ''] = values.map(({ text }) => text).slice(-1);
  const numbers = values.slice(0, -1).map(({ text }) => (/^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN));
  const count = type === 'MX' ? 1 : type === 'SRV' ? 3 : 0;
  if (values.length !== count + 1 || !numbers.every((one) => one <= MAX_U16)) {
    const more = type === 'CNAME' && values.length > 1 ? 'an alias leads to one name; ' : '';
    return wrong(`the value of ${type} is not complete, or too much`, `${more}write it so: ${VALUES[type]}`);
  }
  if (type === 'A' || type === 'AAAA') return readAddressValue(type, last);
  const target = absoluteName(last, zone);
  if (target === null || !isRecordName(target) || target.startsWith('*'))
    return wrong(`${JSON.stringify(last)} is not a name`, NAME_HINT);
  const isAddress = canonicalAddress(last) !== null;
  if (isAddress)
    return wrong(
      `${type} leads to a name, and ${last} is an address`,
      `write ${familyOf(last) === 4 ? 'A' : 'AAAA'} for an address`,
    );
  const [first = 0, weight = 0, port = 0] = numbers;
  if (type === 'MX') return { type, preference: first, target };
  if (type === 'SRV') return { type, priority: first, weight, port, target };
  return { type, target };
}

const MAX_U16 = 65535;

function readAddressValue(type: 'A' | 'AAAA', written: string): RecordValue | RecordProblem {
  const address = canonicalAddress(written);
  if (address === null) return wrong(`${JSON.stringify(written)} is not an address`, `write it so: ${VALUES[type]}`);
  const right = familyOf(address) === 4 ? 'A' : 'AAAA';
  if (right !== type) return wrong(`${address} is an address of IPv${familyOf(address)}`, `write ${right}`);
  return { type, address };
}

/** RFC 1035, 3.3.14: each text has a length of one byte. */
const MAX_TEXT_BYTES = 255;

function readTexts(values: readonly Word[]): RecordValue | RecordProblem {
  const texts = values.map(({ text }) => Buffer.from(text, 'utf8').toString('latin1'));
  if (texts.length === 0) return wrong('TXT has no text', `write it so: '${VALUES.TXT}'`);
  const long = texts.find((text) => text.length > MAX_TEXT_BYTES);
  if (long !== undefined)
    return wrong(`a text has ${long.length} bytes; DNS has room for 255`, 'cut it into several texts: TXT "…" "…"');
  return { type: 'TXT', texts };
}

/** `web` in the zone, `web.lab.test.` as it is, `@` the zone itself; in lower case, without the last dot. Null: empty. */
function absoluteName(written: string, zone: string): string | null {
  if (written === '@') return zone;
  if (written === '' || written === '.') return null;
  const name = written.toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : `${name}.${zone}`;
}

/** Labels of letters, digits, underscores and hyphens, 63 bytes each and 253 together; the first can be `*`. */
export const isRecordName = (name: string): boolean =>
  name.length <= 253 && /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(name);

const NAME_HINT =
  'a name has labels of letters, digits, "_" and "-" with dots between them; "@" is the zone itself, "*.dev" every name below dev';

const wrong = (problem: string, hint: string): RecordProblem => ({ problem, hint });
