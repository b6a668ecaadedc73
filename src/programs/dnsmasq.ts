import type { DnsSign } from '../model/kernel/lab-process.ts';
import type { DnsData, DnsForward, DnsRecord } from '../model/lab-parts/dns-data.ts';
import { encodeDnsName } from '../model/values/dns-message.ts';
import { sha256 } from '../model/values/hash.ts';
import { formatAddress } from '../net/address.ts';
import { defineProgram } from './define-program.ts';
import { type DnsServerOptions, dnsReady, signName, signOf, signText } from './dns-server.ts';

const HOSTS = 'hosts';
const SERVERS = 'servers';
const CONFIGURATION = 'dnsmasq.conf';
// RFC 1035, 3.2.2
const TYPE_NS = 2;
const TYPE_TXT = 16;

/**
 * dnsmasq(8). Addresses and forwarding are in files of their own, which it reads again at SIGHUP and goes on answering; all
 * the rest it reads only when it starts.
 */
export const dnsmasq = defineProgram<DnsServerOptions>({
  name: 'dnsmasq',
  packages: ['dnsmasq-base'],
  render: (options, { folder }) => {
    const { given, lab, data } = options;
    if (given !== null) return { [CONFIGURATION]: given };
    const lines = configurationLines(data, folder);
    return {
      [CONFIGURATION]: text([...lines, `txt-record=${signName(lab)},"${signText(lines)}"`]),
      [HOSTS]: text([...hostsLines(data), `${hostsSign(options)} ${hostsSignName(lab)}`]),
      [SERVERS]: text(serverLines(data)),
    };
  },
  command: (_options, { folder }) => ['--keep-in-foreground', '--pid-file=', '-C', `${folder}/${CONFIGURATION}`],
  check: (_options, { folder }) => ['dnsmasq', '--test', '-C', `${folder}/${CONFIGURATION}`],
  reload: 'HUP',
  rereads: [HOSTS, SERVERS],
  ready: (options, { folder }) => {
    const { lab, data } = options;
    return dnsReady(options, [signOf(lab, configurationLines(data, folder)), hostsAnswer(options)]);
  },
});

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** All that it reads only when it starts. */
function configurationLines(data: DnsData, folder: string): readonly string[] {
  const { zones, listen } = data;
  const records = zones.flatMap((zone) => zone.records);
  return [
    // The machine's own names and servers are not the lab's. It reads its files as the user that it was started as.
    ...['no-resolv', 'no-hosts', 'no-poll', 'user=root', 'group=', 'log-facility=-'],
    `addn-hosts=${folder}/${HOSTS}`,
    `servers-file=${folder}/${SERVERS}`,
    ...(listen === null ? [] : ['bind-dynamic', ...listen.map((address) => `listen-address=${address}`)]),
    // No other server knows names without a dot, or private addresses in reverse.
    ...['local=//', 'bogus-priv'],
    ...zones.map(({ name }) => `local=/${name}/`),
    ...wildcardLines(records),
    ...records.flatMap((record) => recordLine(record) ?? []),
  ];
}

/**
 * A wildcard answers for every name below its parent, and not for the parent. A name that is written below it is not its,
 * whatever is asked about it.
 */
function wildcardLines(records: readonly DnsRecord[]): readonly string[] {
  const wildcards = records.filter(({ name }) => name.startsWith('*.'));
  const parents = new Set(wildcards.map(({ name }) => name.slice(1)));
  const written = records.filter(
    ({ name }) => !name.startsWith('*.') && [...parents].some((parent) => name.endsWith(parent)),
  );
  return [
    ...wildcards.flatMap((one) => ('address' in one ? [`address=/${one.name}/${one.address}`] : [])),
    ...[...parents].map((parent) => `local=/*${parent}/`),
    ...[...new Set(written.map(({ name }) => name))].map((name) => `local=/${name}/`),
  ];
}

/** The line of a record; null: it is in the hosts file, or a wildcard. */
export function recordLine(record: DnsRecord): string | null {
  const { name } = record;
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return null;
    case 'CNAME':
      return `cname=${name},${record.target}`;
    case 'PTR':
      return `ptr-record=${name},${record.target}`;
    case 'NS':
      return rawLine(name, TYPE_NS, encodeDnsName(record.target));
    case 'MX':
      return `mx-host=${name},${record.target},${record.preference}`;
    case 'SRV':
      return `srv-host=${name},${record.target},${record.port},${record.priority},${record.weight}`;
    case 'TXT':
      return record.texts.every((one) => PLAIN_TEXT.test(one))
        ? `txt-record=${name},${record.texts.map((one) => `"${one}"`).join(',')}`
        : rawLine(name, TYPE_TXT, encodeTexts(record.texts));
  }
}

/** What needs no thought about quotes and escapes. */
const PLAIN_TEXT = /^[A-Za-z0-9 =:;.,_/+~@!?*()<>[\]{}|&%$^-]*$/;

/** The longest line that it reads (MAXDNAME in its config.h, with the end). */
export const DNSMASQ_LINE_BYTES = 1023;

const rawLine = (name: string, type: number, data: Buffer): string => `dns-rr=${name},${type},${data.toString('hex')}`;

const encodeTexts = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one, 'latin1')])));

/** Of the names of an address, the first is that in reverse. */
function hostsLines({ zones, names, reverse }: DnsData): readonly string[] {
  const addresses = [
    ...reverse,
    ...zones.flatMap(({ records }) =>
      records.flatMap((one) => ('address' in one && !one.name.startsWith('*.') ? [one] : [])),
    ),
    ...names,
  ];
  return [...new Set(addresses.map(({ address, name }) => `${address} ${name}`))];
}

/** Where no server is asked for the rest, it does not exist: a client whose question is refused would look no further. */
const serverLines = ({ forwards }: DnsData): readonly string[] => [
  ...forwards.flatMap(forwardLines),
  ...(forwards.some(({ zone }) => zone === null) ? [] : ['server=/#/']),
];

const forwardLines = ({ zone, servers }: DnsForward): readonly string[] =>
  servers.map((address) => `server=${zone === null ? '' : `/${zone}/`}${address}`);

const hostsSignName = (lab: string): string => `hosts.${signName(lab)}`;

/** What is in the two files that it reads again, as the digits of an address of fc00::/7. */
const hostsDigits = ({ data }: DnsServerOptions): string =>
  `fd${sha256([...hostsLines(data), ...serverLines(data)].join('\0')).slice(0, 30)}`;

const hostsSign = (options: DnsServerOptions): string =>
  formatAddress({ family: 6, value: BigInt(`0x${hostsDigits(options)}`) });

const hostsAnswer = (options: DnsServerOptions): DnsSign => ({
  name: hostsSignName(options.lab),
  type: 'AAAA',
  answer: hostsDigits(options),
});
