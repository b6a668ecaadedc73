import type { DnsData, DnsForward, DnsZone } from '../model/lab-parts/dns-data.ts';
import { familyOf, reverseName } from '../net/address.ts';
import { defineProgram } from './define-program.ts';
import { type DnsServerOptions, dnsReady, signName, signOf, signText } from './dns-server.ts';
import { zoneFile } from './zone-file.ts';

/** Where it sees its files: what AppArmor lets it read where Debian's package is installed. */
const SEEN_FOLDER = '/var/lib/unbound';
const CONFIGURATION = 'unbound.conf';

/**
 * unbound(8), as a server with zones of its own that follows aliases wherever they lead. It reads everything again at SIGHUP;
 * what is asked meanwhile waits.
 */
export const unbound = defineProgram<DnsServerOptions>({
  name: 'unbound',
  packages: ['unbound'],
  render: ({ given, lab, data }) => {
    if (given !== null) return { [CONFIGURATION]: given };
    const { configuration, zones } = rendered(data);
    const sign = signText([configuration, ...Object.values(zones)]);
    return {
      [CONFIGURATION]: configuration.replace(SIGN_MARK, `  local-data: '${signName(lab)}. 0 IN TXT "${sign}"'`),
      ...zones,
    };
  },
  command: () => ['-d', '-p', '-c', `${SEEN_FOLDER}/${CONFIGURATION}`],
  check: () => ['unbound-checkconf', `${SEEN_FOLDER}/${CONFIGURATION}`],
  privateFolders: (_options, { folder }) => ({ [SEEN_FOLDER]: folder }),
  reload: 'HUP',
  ready: (options) => {
    const { configuration, zones } = rendered(options.data);
    return dnsReady(options, [signOf(options.lab, [configuration, ...Object.values(zones)])]);
  },
});

const SIGN_MARK = '# sign';

type Rendered = { readonly configuration: string; readonly zones: { readonly [file: string]: string } };

/** The configuration, with a mark in the place of the sign, and the zone files. */
function rendered(data: DnsData): Rendered {
  const zones = [...zonesWithReverse(data), ...aliasedNames(data)];
  const inZone = (name: string): boolean => zones.some((zone) => isWithin(name, zone.name));
  const loose = data.names.filter(({ name }) => !inZone(name));
  const reverse = data.reverse.filter(({ address }) => !inZone(reverseName(address)));
  const configuration = [
    'server:',
    ...SETTINGS.map((line) => `  ${line}`),
    ...listenLines(data.listen),
    // Its own zones come first, and those that others are asked about: it would say that private ones do not exist.
    ...[...zones.map(({ name }) => name), ...data.forwards.flatMap(({ zone }) => zone ?? [])].map(
      (name) => `  local-zone: "${name}." transparent`,
    ),
    // Where no server is asked for the rest, it does not exist.
    ...(data.forwards.some(({ zone }) => zone === null) ? [] : ['  local-zone: "." static']),
    ...loose.map(({ name, address }) => `  local-data: "${name}. 0 IN ${addressType(address)} ${address}"`),
    ...reverse.map(({ name, address }) => `  local-data: "${reverseName(address)}. 0 IN PTR ${name}."`),
    SIGN_MARK,
    'remote-control:',
    '  control-enable: no',
    ...zones.flatMap(zoneLines),
    ...data.forwards.flatMap(forwardLines),
    '',
  ].join('\n');
  return { configuration, zones: Object.fromEntries(zones.map((zone) => [zoneFileName(zone), zoneFile(zone)])) };
}

const SETTINGS = [
  `directory: "${SEEN_FOLDER}"`,
  ...['username: ""', 'chroot: ""', 'pidfile: ""', 'use-syslog: no', 'do-daemonize: no', 'num-threads: 1'],
  // Names of a lab are not signed.
  'module-config: "iterator"',
  ...['access-control: 0.0.0.0/0 allow', 'access-control: ::0/0 allow'],
  // Other servers of the lab come and go: they are asked as they are written, and again soon after they failed.
  ...['do-not-query-localhost: no', 'qname-minimisation: no', 'infra-host-ttl: 1'],
];

const listenLines = (listen: DnsData['listen']): readonly string[] =>
  listen === null
    ? ['  interface-automatic: yes', '  interface: 0.0.0.0', '  interface: ::0']
    : listen.map((address) => `  interface: ${address}`);

const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

const addressType = (address: string): 'A' | 'AAAA' => (familyOf(address) === 4 ? 'A' : 'AAAA');

/** The zones, those for reverse names with the names of addresses that are theirs. */
const zonesWithReverse = ({ zones, reverse }: DnsData): readonly DnsZone[] =>
  zones.map(({ name, records }) => ({
    name,
    records: [
      ...records,
      ...reverse.flatMap((one) => {
        const asked = reverseName(one.address);
        return isWithin(asked, name) ? [{ name: asked, type: 'PTR', target: one.name } as const] : [];
      }),
    ],
  }));

/** Names outside of the zones that an alias leads to: it follows aliases from zone to zone only. */
function aliasedNames({ zones, names }: DnsData): readonly DnsZone[] {
  const targets = new Set(
    zones.flatMap(({ records }) => records.flatMap((one) => (one.type === 'CNAME' ? [one.target] : []))),
  );
  const aliased = [...new Set(names.map(({ name }) => name))].filter((name) => targets.has(name));
  return aliased.map((name) => ({
    name,
    records: names
      .filter((one) => one.name === name)
      .map(({ address }) => ({ name, type: addressType(address), address })),
  }));
}

const zoneFileName = ({ name }: DnsZone): string => `${name}.zone`;

const zoneLines = (zone: DnsZone): readonly string[] => [
  'auth-zone:',
  `  name: "${zone.name}."`,
  `  zonefile: "${SEEN_FOLDER}/${zoneFileName(zone)}"`,
  ...['  for-downstream: no', '  for-upstream: yes', '  fallback-enabled: no'],
];

const forwardLines = ({ zone, servers }: DnsForward): readonly string[] => [
  'forward-zone:',
  `  name: "${zone === null ? '.' : `${zone}.`}"`,
  ...servers.map((address) => `  forward-addr: ${address}`),
];
