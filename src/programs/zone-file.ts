import type { DnsRecord, DnsZone } from '../model/lab-parts/dns-data.ts';

/**
 * A zone as a master file (RFC 1035, 5.1), every name absolute. Nothing in it may be cached: it changes as the lab does.
 */
export const zoneFile = ({ name, records }: DnsZone): string =>
  [
    `${name}. 0 IN SOA ns.netform. netform. 1 3600 600 86400 0`,
    ...records.map((record) => `${record.name}. 0 IN ${record.type} ${recordData(record)}`),
    '',
  ].join('\n');

function recordData(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address;
    case 'CNAME':
    case 'PTR':
    case 'NS':
      return `${record.target}.`;
    case 'MX':
      return `${record.preference} ${record.target}.`;
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}.`;
    case 'TXT':
      return record.texts.map(quoteZoneText).join(' ');
  }
}

/** A text in quotes: a quote and a backslash after a backslash, what does not print as `\DDD`. */
const quoteZoneText = (text: string): string =>
  `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[^ -~]/g, (character) => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`)}"`;
