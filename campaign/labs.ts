import fc from 'fast-check';
import { type TopologyValue, topology } from '../test/support/random-topology.ts';

/** A valid topology, the same for the same seed. Its lab is called `lab`. */
export function randomLab(seed: number): TopologyValue {
  const [value] = fc.sample(topology, { seed, numRuns: 1 });
  if (!value) throw new Error('no topology');
  const host = record(value['host']);
  // The key of the strict machine's labs is only in the first namespace of a machine.
  const sysctls = 'sysctls' in host ? { sysctls: { 'net.ipv4.tcp_keepalive_time': 1234 } } : {};
  return { ...value, host: { ...host, ...sysctls } };
}

/** The same with every address written down, so that it says the same whatever was there before. */
export function pinnedLab(seed: number): TopologyValue {
  const value = randomLab(seed);
  const namespaces = Object.entries(record(value['namespaces']));
  const hosts = new Map(namespaces.map(([name], i) => [name, i + 20]));
  const pinned = namespaces.map(([name, netns]) => {
    const interfaces = Object.entries(record(record(netns)['interfaces'])).map(([dev, one]) => [
      dev,
      pinnedInterface(value, one, hosts.get(name) ?? 0),
    ]);
    return [name, { ...record(netns), interfaces: Object.fromEntries(interfaces) }];
  });
  return { ...value, namespaces: Object.fromEntries(pinned) };
}

function pinnedInterface(value: TopologyValue, one: unknown, host: number): unknown {
  const { bridge, address } = record(one);
  if (typeof bridge !== 'string' || address !== undefined) return one;
  const [owner, name] = bridge.includes(':') ? bridge.split(':') : [null, bridge];
  const bridges = owner ? record(record(value['namespaces'])[owner])['bridges'] : value['bridges'];
  const { subnet } = record(record(bridges)[name ?? '']);
  const subnets = (Array.isArray(subnet) ? subnet : [subnet]).filter((each) => typeof each === 'string');
  return { ...record(one), address: subnets.map((each) => each.replace(/(?:\.0|::)\/\d+$/, ending(host))) };
}

const ending = (host: number) => (text: string) => (text.startsWith('.') ? `.${host}` : `::${host}`);

const record = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {};
