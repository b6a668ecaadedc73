import { addLink, addNetns, linkOf, netnsOf, newWorld, type World } from './fake/world.ts';

/** A machine that others use too: a NIC, a Docker bridge, a route, a table, a namespace, lines in /etc/hosts. */
export function sharedWorld(): World {
  const world = newWorld();
  const host = netnsOf(world, 'host');
  for (const [name, kind, address] of [
    ['eth9', null, '198.51.100.5/24'],
    ['docker0', 'bridge', '172.17.0.1/16'],
  ] as const) {
    addLink(host, name, { kind, mac: '00:11:22:33:44:55', mtu: 1500, group: 0 });
    linkOf(host, name).up = true;
    host.addresses.push({ dev: name, prefix: address, protocol: null });
  }
  host.sysctls.set('net/ipv4/conf/docker0/forwarding', '1');
  const hops = [{ via: '198.51.100.1', dev: 'eth9', weight: 1, onlink: false }];
  host.routes.push({
    to: '0.0.0.0/0',
    type: 'unicast',
    hops,
    src: null,
    metric: 100,
    table: 254,
    mtu: null,
    protocol: 4,
  });
  host.tables.set('docker', 'table inet docker { }');
  addNetns(world, 'other').mark = 'netform:v1:other:ffffffff';
  world.files.set('/etc/hosts', '127.0.0.1 localhost\n192.0.2.1 printer');
  return world;
}
