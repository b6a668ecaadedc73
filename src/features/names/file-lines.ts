import type { BlockSpec } from '../../kinds/define-block-kind.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { LabHostsFiles } from './name-files.ts';

/**
 * The lines of each file: `ip netns exec` puts those of /etc/netns/<name> over those of /etc. A namespace's hosts file
 * therefore needs the lines of localhost; the machine's own has them.
 */
export function nameFileLines(names: LabHostsFiles, linesOf: HostsLinesBuilder): BlockSpec['files'] {
  if (names.netns === 'host') return names.hosts.length > 0 ? { '/etc/hosts': names.hosts.map(hostsLine) } : {};
  const folder = `/etc/netns/${names.netns}`;
  const resolver = resolverLines(names);
  return {
    [`${folder}/hosts`]: linesOf(names),
    ...(resolver.length > 0 ? { [`${folder}/resolv.conf`]: resolver } : {}),
    ...(names.order ? { [`${folder}/nsswitch.conf`]: [`hosts: ${names.order.join(' ')}`] } : {}),
  };
}

/** The lines of a namespace's hosts file: the same list for the same names, so that a lab has each text once. */
export type HostsLinesBuilder = (names: Pick<LabHostsFiles, 'hosts' | 'machine'>) => readonly string[];

/** A builder that remembers the lists that it has built. */
export function hostsLinesBuilder(): HostsLinesBuilder {
  const built = new Map<LabHostsFiles['hosts'], readonly string[]>();
  const texts = new Map<LabHostsFiles['hosts'][number], string>();
  const lineOf = (host: LabHostsFiles['hosts'][number]): string => {
    const text = texts.get(host) ?? hostsLine(host);
    texts.set(host, text);
    return text;
  };
  return ({ hosts, machine }) => {
    const lines = built.get(hosts) ?? [...LOCALHOST, ...machineLines(hosts, machine), ...hosts.map(lineOf)];
    built.set(hosts, lines);
    return lines;
  };
}

const hostsLine = ({ address, names }: LabHostsFiles['hosts'][number]): string => [address, ...names].join(' ');

const LOCALHOST = ['127.0.0.1 localhost', '::1 localhost ip6-localhost'];

/** Where Debian has the name of a machine. */
const MACHINE_ADDRESS = '127.0.1.1';

/** The line of the machine's own name, with the domain first as hosts(5) has it; none where the lab has that name. */
function machineLines(hosts: LabHostsFiles['hosts'], machine: string | null): readonly string[] {
  const names = machine === null ? [] : [...new Set([machine, machine.split('.')[0] ?? machine])];
  const taken = new Set(['localhost', ...hosts.flatMap((one) => one.names)]);
  const own = names.filter((name) => /^[a-z0-9][a-z0-9._-]*$/i.test(name) && !taken.has(name));
  return own.length === 0 ? [] : [[MACHINE_ADDRESS, ...own].join(' ')];
}

/** Whether a line says nothing of the lab: those of localhost and of the machine. */
export const isMachineLine = (line: string): boolean =>
  LOCALHOST.includes(line) || line.startsWith(`${MACHINE_ADDRESS} `);

const resolverLines = ({ nameservers, search, options }: LabHostsFiles): readonly string[] => [
  ...nameservers.map((address) => `nameserver ${address}`),
  ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
  ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
];

/**
 * The names in the lines of the machine's /etc/hosts: each can mean the addresses of one lab only. Not `host`, by which
 * every lab calls the machine itself.
 */
export function hostNameClaims(lines: readonly string[]): readonly ExclusiveClaim[] {
  const addresses = new Map<string, string[]>();
  for (const [address = '', ...names] of lines.map((line) => line.split(' ')))
    for (const name of names.filter((one) => one !== 'host')) appendTo(addresses, name, address);
  return [...addresses].map(([name, some]) => ({
    of: 'thing',
    key: `name/${name}`,
    value: some.join(' '),
    text: `the name ${name} in /etc/hosts`,
  }));
}
