import { insertManagedBlock, removeManagedBlock } from '../../../src/model/files/managed-block.ts';
import { type Instruction, NETFORM_PROTOCOL, type RuleValue } from '../../../src/model/instruction.ts';
import { sameJson } from '../../../src/model/json.ts';
import type { FdbLive } from '../../../src/model/kernel/live-state.ts';
import { forgetLink, moveLink } from './links.ts';
import { setSysctl } from './sysctls.ts';
import { addNetns, type FakeNetns, linkOf, loopbackAddresses, netnsOf, refuse, type World } from './world.ts';

type RuleInstruction = Extract<Instruction, { readonly rule: RuleValue }>;

/** Makes a namespace: marked, `lo` up, the sysctls written in their order. */
export function addNamespace(world: World, { netns: name, mark, sysctls }: Instruction & { do: 'netns.add' }): void {
  if (world.netns.has(name)) throw refuse('EEXIST', `namespace ${name} exists`);
  const netns = addNetns(world, name);
  netns.mark = mark;
  const lo = linkOf(netns, 'lo');
  Object.assign(lo, { up: true, alias: mark });
  netns.addresses.push(...loopbackAddresses);
  try {
    for (const [key, value] of Object.entries(sysctls)) setSysctl(world, { netns: name, key, value });
  } catch (error) {
    world.netns.delete(name);
    throw error;
  }
}

/** Deletes a namespace. Ends of its veths elsewhere linger until somebody has looked, as with the kernel's late clean-up. */
export function deleteNamespace(world: World, name: string): void {
  if (name === 'host') throw refuse('EINVAL', 'the machine itself');
  const netns = netnsOf(world, name);
  returnNics(world, netns);
  world.netns.delete(name);
  for (const { peer } of netns.links.values()) {
    if (peer && peer.netns !== name) world.lingering.add(peer);
  }
}

/** NICs of hardware come back to the machine, under a name `devN` when theirs is taken there (default_device_exit_net). */
function returnNics(world: World, netns: FakeNetns): void {
  const host = netnsOf(world, 'host');
  for (const { name, kind, index } of [...netns.links.values()]) {
    if (kind !== null || name === 'lo') continue;
    const to = { netns: 'host', name: host.links.has(name) ? `dev${index}` : name };
    moveLink(world, { do: 'link.move', netns: netns.name, name, to });
  }
}

/** What was left of deleted namespaces goes. */
export function cleanUp(world: World): void {
  for (const link of [...world.lingering]) forgetLink(world, link);
}

export function addRule(world: World, { netns: name, rule }: RuleInstruction): void {
  const netns = netnsOf(world, name);
  const { protocol = NETFORM_PROTOCOL } = rule;
  if (netns.rules.some((other) => sameJson(other, { ...rule, protocol: other.protocol })))
    throw refuse('EEXIST', 'rule');
  netns.rules.push({ ...rule, protocol });
}

export function deleteRule(world: World, { netns: name, rule }: RuleInstruction): void {
  const netns = netnsOf(world, name);
  const found = netns.rules.findIndex((other) =>
    sameJson(other, { ...rule, protocol: rule.protocol ?? NETFORM_PROTOCOL }),
  );
  if (found < 0) throw refuse('ENOENT', 'no such rule');
  netns.rules.splice(found, 1);
}

export function setNeighbour(world: World, wanted: Instruction & { do: 'neighbour.set' }): void {
  const netns = netnsOf(world, wanted.netns);
  linkOf(netns, wanted.dev);
  const { dev, to, mac, protocol = NETFORM_PROTOCOL } = wanted;
  netns.neighbours = netns.neighbours.filter((other) => other.dev !== dev || other.to !== to);
  netns.neighbours.push({ dev, to, mac, protocol });
}

export function deleteNeighbour(
  world: World,
  { netns: name, dev, to }: Instruction & { do: 'neighbour.delete' },
): void {
  const netns = netnsOf(world, name);
  linkOf(netns, dev);
  const found = netns.neighbours.findIndex((other) => other.dev === dev && other.to === to);
  if (found < 0) throw refuse('ENOENT', 'no such neighbour');
  netns.neighbours.splice(found, 1);
}

export function appendFdb(world: World, { do: _do, netns: name, ...entry }: Instruction & { do: 'fdb.append' }): void {
  const netns = netnsOf(world, name);
  const link = linkOf(netns, entry.dev);
  if (link.kind !== 'vxlan') throw refuse('EOPNOTSUPP', 'no vxlan');
  if (entry.via !== null) linkOf(netns, entry.via);
  if (!netns.fdb.some((other) => sameJson(other, entry))) netns.fdb.push(entry);
}

export function deleteFdb(world: World, { do: _do, netns: name, ...entry }: Instruction & { do: 'fdb.delete' }): void {
  const netns = netnsOf(world, name);
  linkOf(netns, entry.dev);
  const found = netns.fdb.findIndex((other) => sameJson(other, entry));
  if (found < 0) throw refuse('ENOENT', 'no such entry');
  netns.fdb.splice(found, 1);
}

/** A bridge has one entry for a MAC and a VLAN, which has no words of its own in the language. */
export function changeBridgeEntry(
  world: World,
  { do: verb, netns: name, dev, mac, vlan, self }: Instruction & { readonly do: 'fdb.replace' | 'fdb.remove' },
): void {
  const netns = netnsOf(world, name);
  const link = linkOf(netns, dev);
  if (!self && link.master === null) throw refuse('EOPNOTSUPP', `${dev} is not a port`);
  const words = [
    { name: self ? 'permanent' : 'static', value: '' },
    ...(vlan === null ? [] : [{ name: 'vlan', value: String(vlan) }]),
  ];
  const isThis = (one: FdbLive): boolean =>
    one.to === null &&
    one.mac === mac &&
    (one.unknown ?? []).some(({ value }) => value === String(vlan)) === (vlan !== null);
  const found = netns.fdb.filter(isThis);
  if (verb === 'fdb.remove' && !found.some((one) => one.dev === dev)) throw refuse('ENOENT', `no entry for ${mac}`);
  netns.fdb = netns.fdb.filter((one) => !isThis(one));
  if (verb === 'fdb.replace') netns.fdb.push({ dev, mac, to: null, via: null, unknown: words });
}

/** As the need for a table names it. */
const tableKey = (family: string | undefined, table: string): string =>
  family === undefined ? table : `${family} ${table}`;

export function replaceTable(
  world: World,
  { netns, table, family, script }: Instruction & { do: 'nft.replace' },
): void {
  if (!script.includes(`table ${family ?? 'inet'} ${table} {`))
    throw refuse('NFT', `the script does not make ${table}`);
  netnsOf(world, netns).tables.set(tableKey(family, table), script);
}

export function deleteTable(world: World, { netns, table, family }: Instruction & { do: 'nft.delete' }): void {
  if (!netnsOf(world, netns).tables.delete(tableKey(family, table))) throw refuse('ENOENT', `no table ${table}`);
}

export function writeFile(world: World, wanted: { path: string; content: string; exclusive: boolean }): void {
  if (wanted.exclusive && world.files.has(wanted.path)) throw refuse('EEXIST', wanted.path);
  world.files.set(wanted.path, wanted.content);
  const parts = wanted.path.split('/');
  for (let length = 2; length < parts.length; length++) world.folders.add(parts.slice(0, length).join('/'));
}

export function deleteFile(world: World, { path, andFolder }: { path: string; andFolder: boolean }): void {
  if (!world.files.delete(path)) throw refuse('ENOENT', path);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const isEmpty = ![...world.files.keys(), ...world.folders].some((other) => other.startsWith(`${folder}/`));
  if (andFolder && isEmpty) world.folders.delete(folder);
}

export function putBlock(world: World, { path, mark, lines }: Instruction & { do: 'file.block' }): void {
  const content = insertManagedBlock(world.files.get(path) ?? null, mark, lines);
  writeFile(world, { path, content, exclusive: false });
}

export function takeBlock(world: World, { path, mark, andFolder }: Instruction & { do: 'file.unblock' }): void {
  const text = world.files.get(path);
  if (text === undefined) throw refuse('ENOENT', path);
  const rest = removeManagedBlock(text, mark);
  if (rest === text) throw refuse('ENOENT', `no block ${mark} in ${path}`);
  if (rest === null) deleteFile(world, { path, andFolder });
  else world.files.set(path, rest);
}

/** It tracks no connections: there are none to forget. */
export function forgetFlows(world: World, { netns }: Instruction & { do: 'flows.forget' }): void {
  netnsOf(world, netns);
}

/** A group at a port stands once. */
export function changeGroup(
  world: World,
  { do: verb, netns: name, ...entry }: Instruction & { readonly do: 'mdb.add' | 'mdb.delete' },
): void {
  const netns = netnsOf(world, name);
  const [link, bridge] = [linkOf(netns, entry.dev), linkOf(netns, entry.bridge)];
  const found = netns.mdb.findIndex((other) => sameJson(other, entry));
  if (!bridge.up || link.master !== entry.bridge) throw refuse('EINVAL', `${entry.bridge} keeps no groups`);
  if ((verb === 'mdb.add') === found >= 0) throw refuse(verb === 'mdb.add' ? 'EEXIST' : 'EINVAL', 'no such group');
  if (verb === 'mdb.add') netns.mdb.push(entry);
  else netns.mdb.splice(found, 1);
}
