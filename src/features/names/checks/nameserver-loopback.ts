import type { MachineCheck } from '../../../checks/check.ts';
import { listPhrase } from '../../../checks/phrases.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { Lab } from '../../../model/lab.ts';
import { nameFilesOf } from '../name-files.ts';

/** Namespaces that ask a nameserver on the machine's loopback. */
export const nameserverLoopback: MachineCheck = {
  name: 'nameserver-loopback',
  code: 'NF3020',
  title: 'Namespace asks a nameserver on loopback',
  explain:
    'A namespace uses the nameserver of the machine, and that is a loopback address such as `127.0.0.53` (systemd-resolved). Loopback of a namespace is its own: nothing answers there, and names of the internet do not resolve. It is found for namespaces with a default route in a lab with NAT, and where the file itself says such a server.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
nat: [{ masquerade: lan }]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
nat: [{ masquerade: lan }]
dns: { nameservers: [9.9.9.9] }
`,
  query: (lab) => {
    const unwritten = unwrittenNetns(lab);
    const isAsked = unwritten.length > 0 || nameFilesOf(lab).some(({ nameservers }) => nameservers.some(isLoopback));
    const files = isAsked ? [MACHINE_FILE, UPSTREAM_FILE, ...unwritten.map(ownFile)] : [];
    return files.map((key) => ({ need: 'file', key }) as const);
  },
  find: (lab, live) => {
    const found = findLoopbackNameservers(lab, live);
    if (found === null) return [];
    const { netns, server, upstream } = found;
    const at = lab.namespaces.find(({ name }) => name === netns[0])?.at;
    const verb = netns.length === 1 ? 'asks' : 'ask';
    return [
      makeDiagnostic(
        'nameserver-loopback',
        at ? atKey(at) : null,
        `${listPhrase(netns)} ${verb} the nameserver ${server}, which only answers this machine itself`,
        { severity: 'warning', hint: `write a server that they reach: dns: { nameservers: [${upstream}] }` },
      ),
    ];
  },
};

/** The namespaces of a lab that ask a loopback address of the machine, and a server that the machine itself asks. */
export type LoopbackNameservers = {
  readonly netns: readonly string[];
  readonly server: string;
  readonly upstream: string;
};

/** The namespaces whose names go to the machine's loopback; null: none. */
export function findLoopbackNameservers(lab: Lab, live: LiveState): LoopbackNameservers | null {
  const own = serversIn(live.get({ need: 'file', key: MACHINE_FILE }));
  const hasOnlyLoopback = own.length > 0 && own.every(isLoopback);
  const stubs = new Set(hasOnlyLoopback ? [...STUBS, ...own] : STUBS);
  const written = nameFilesOf(lab).flatMap(({ netns, nameservers }) => {
    const server = nameservers.find((one) => stubs.has(one));
    return netns !== 'host' && server !== undefined && nameservers.every(isLoopback) ? [{ name: netns, server }] : [];
  });
  const unwritten = unwrittenNetns(lab).flatMap((name) => {
    const file = live.get({ need: 'file', key: ownFile(name) });
    const servers = file === null ? own : serversIn(file);
    // A file without a server means the loopback of the namespace, too.
    const server = servers[0] ?? (file === null ? undefined : '127.0.0.1');
    return server !== undefined && servers.every(isLoopback) ? [{ name, server }] : [];
  });
  const asked = [...written, ...unwritten];
  const [first] = asked;
  if (first === undefined) return null;
  const upstream =
    serversIn(live.get({ need: 'file', key: UPSTREAM_FILE })).find((one) => !isLoopback(one)) ?? '9.9.9.9';
  return { netns: asked.map(({ name }) => name), server: first.server, upstream };
}

/** The namespaces with a way out for which the lab writes no nameserver: they use the machine's, or a file by hand. */
function unwrittenNetns(lab: Lab): readonly string[] {
  if (lab.nat.every(({ netns }) => netns !== 'host')) return [];
  const written = new Set(
    nameFilesOf(lab).flatMap(({ netns, nameservers }) => (nameservers.length > 0 ? [netns] : [])),
  );
  const routed = new Set(lab.routes.filter(({ to }) => to === '0.0.0.0/0' || to === '::/0').map(({ netns }) => netns));
  return lab.namespaces.map(({ name }) => name).filter((name) => routed.has(name) && !written.has(name));
}

/** The file that `ip netns exec` puts over the machine's own. */
const ownFile = (netns: string): string => `/etc/netns/${netns}/resolv.conf`;

const MACHINE_FILE = '/etc/resolv.conf';
/** The servers that systemd-resolved asks. */
const UPSTREAM_FILE = '/run/systemd/resolve/resolv.conf';

/** The addresses at which systemd-resolved listens. */
const STUBS = ['127.0.0.53', '127.0.0.54'];

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

const serversIn = (text: string | null): readonly string[] =>
  [...(text ?? '').matchAll(/^[ \t]*nameserver[ \t]+([0-9A-Fa-f:.]+)/gm)].map(([, address = '']) => address);
