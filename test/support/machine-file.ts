import { deleteLink } from './fake/links.ts';
import { setSysctl } from './fake/sysctls.ts';
import { cleanUp, deleteNamespace } from './fake/system.ts';
import { addLink, addNetns, type FakeLink, type FakeNetns, type FakeRoute, linkOf, type World } from './fake/world.ts';

/**
 * What differs on a machine from one that has just booted, or from one to which `applied.yaml` was applied: the
 * `live.json` of a case, in the words of `ip`. A line that begins with `-` is about what is no longer there.
 */
export type MachineFile = {
  /** The command and its flags; left out: `plan`. */
  readonly run?: 'plan' | 'plan --adopt' | 'plan --prune' | 'destroy';
  /** The kernel has no queues of netem. */
  readonly withoutNetem?: true;
  /** By name, the machine itself as `host`; null: deleted. */
  readonly namespaces?: { readonly [name: string]: NetnsPart | null };
  /** The text of a file; null: deleted. */
  readonly files?: { readonly [path: string]: string | null };
};

type NetnsPart = {
  /** The lab's mark on the namespace; null: lost. */
  readonly mark?: string | null;
  /** Links that are there, or that have changed; null: deleted. */
  readonly links?: { readonly [name: string]: LinkPart | null };
  /** `10.0.0.1/24 dev lan`. */
  readonly addresses?: readonly string[];
  /** `10.9.0.0/16 via 10.0.0.2 dev lan metric 50 proto 4`. */
  readonly routes?: readonly string[];
  /** `10.0.0.9 lladdr 02:00:00:00:00:09 dev lan`. */
  readonly neighbours?: readonly string[];
  readonly sysctls?: { readonly [name: string]: string };
  /** The text of a table of nftables by its name; null: deleted. */
  readonly tables?: { readonly [table: string]: string | null };
};

type LinkPart = {
  readonly kind?: 'bridge' | 'veth';
  readonly mtu?: number;
  readonly mac?: string;
  readonly up?: boolean;
  readonly master?: string | null;
  readonly alias?: string | null;
  readonly group?: number;
};

/** Makes a machine in memory as the file says. */
export function changeMachine(world: World, file: MachineFile): void {
  for (const [name, part] of Object.entries(file.namespaces ?? {})) {
    if (part === null) deleteNamespace(world, name);
    else changeNetns(world, world.netns.get(name) ?? addNetns(world, name), part);
  }
  cleanUp(world);
  for (const [path, text] of Object.entries(file.files ?? {})) {
    if (text === null) world.files.delete(path);
    else world.files.set(path, text);
  }
}

function changeNetns(world: World, netns: FakeNetns, part: NetnsPart): void {
  if (part.mark !== undefined) Object.assign(netns, { mark: part.mark });
  for (const [name, link] of Object.entries(part.links ?? {})) {
    if (link === null) deleteLink(world, netns.name, name);
    else Object.assign(netns.links.get(name) ?? newLink(netns, name, link), settings(link));
  }
  for (const line of part.addresses ?? []) changeAddress(netns, wordsOf(line));
  for (const line of part.routes ?? []) changeRoute(netns, wordsOf(line));
  for (const line of part.neighbours ?? []) changeNeighbour(netns, wordsOf(line));
  for (const [key, value] of Object.entries(part.sysctls ?? {})) {
    setSysctl(world, { netns: netns.name, key: key.replaceAll('.', '/'), value });
  }
  for (const [table, text] of Object.entries(part.tables ?? {})) {
    if (text === null) netns.tables.delete(table);
    else netns.tables.set(table, text);
  }
}

const newLink = (netns: FakeNetns, name: string, { kind = undefined, mac, mtu }: LinkPart): FakeLink =>
  addLink(netns, name, { kind: kind ?? null, mac: mac ?? '52:54:00:00:00:01', mtu: mtu ?? 1500, group: 0 });

const settings = ({ kind: _kind, ...rest }: LinkPart): Partial<FakeLink> => rest;

/** Of `- default via 10.0.0.1 dev eth0`: that it is gone, `default`, and the words by their keys. */
type Words = {
  readonly isGone: boolean;
  readonly subject: string;
  readonly of: (key: string) => string | null;
};

function wordsOf(line: string): Words {
  const isGone = line.startsWith('- ');
  const [subject = '', ...words] = (isGone ? line.slice(2) : line).split(' ');
  return {
    isGone,
    subject,
    of: (key) => {
      const at = words.indexOf(key);
      return at < 0 ? null : (words[at + 1] ?? null);
    },
  };
}

function changeAddress(netns: FakeNetns, { isGone, subject: prefix, of }: Words): void {
  const { name: dev } = linkOf(netns, of('dev') ?? '');
  if (isGone) netns.addresses = netns.addresses.filter((one) => one.dev !== dev || one.prefix !== prefix);
  else netns.addresses.push({ dev, prefix, protocol: null });
}

function changeRoute(netns: FakeNetns, { isGone, subject, of }: Words): void {
  const to = subject === 'default' ? '0.0.0.0/0' : subject;
  const route: FakeRoute = {
    ...{ to, type: 'unicast', src: of('src'), mtu: null, table: Number(of('table') ?? 254) },
    metric: Number(of('metric') ?? (to.includes(':') ? 1024 : 0)),
    protocol: Number(of('proto') ?? 3),
    hops: [{ via: of('via'), dev: of('dev') ?? '', weight: 1, onlink: false }],
  };
  const isIt = (other: FakeRoute) => other.to === to && other.metric === route.metric && other.table === route.table;
  netns.routes = netns.routes.filter((other) => !isIt(other));
  if (!isGone) netns.routes.push(route);
}

function changeNeighbour(netns: FakeNetns, { isGone, subject: to, of }: Words): void {
  const [dev, mac] = [of('dev') ?? '', of('lladdr') ?? ''];
  netns.neighbours = netns.neighbours.filter((other) => other.dev !== dev || other.to !== to);
  if (!isGone) netns.neighbours.push({ dev, to, mac, protocol: 4 });
}
