import type { Netns } from '../../model/topology.ts';
import { at, child, entries, flag, type Node, type Report } from '../node.ts';
import { readBridges } from './bridge.ts';
import { readDns } from './dns.ts';
import { readForwards, readPublish } from './forward.ts';
import { readInterfaces } from './interface.ts';
import { checkName } from './name.ts';
import { readNat } from './nat.ts';
import { readNeighbours } from './neighbour.ts';
import { readRoutes } from './route.ts';
import { readRules } from './rule.ts';
import { readSysctls } from './sysctl.ts';

export function readNamespaces(node: Node, report: Report): readonly Netns[] {
  return entries(node).map(({ name, node }) => {
    checkName(node, report, 'namespace');
    return { name, at: node.path, ...switching(node, report), ...own(node, report, 'namespace') };
  });
}

/** The machine: what stands at top level, and what stands under `host`. */
export function readHost(root: Node, report: Report): Netns {
  const node = child(root, 'host');
  return { name: 'host', at: node.path, ...switching(root, report), ...own(node, report, 'host') };
}

/** What means the same at top level and inside a namespace. */
function switching(node: Node, report: Report): Pick<Netns, 'bridges' | 'routes' | 'nat' | 'forwards'> {
  return {
    bridges: readBridges(child(node, 'bridges'), report),
    routes: readRoutes(child(node, 'routes'), report),
    nat: readNat(child(node, 'nat'), report),
    forwards: readForwards(child(node, 'portForwards'), report),
  };
}

type Own = Omit<Netns, 'name' | 'at' | 'bridges' | 'routes' | 'nat' | 'forwards'>;

function own(node: Node, report: Report, of: 'namespace' | 'host'): Own {
  const forwarding = child(node, 'forwarding');
  return {
    interfaces: readInterfaces(child(node, 'interfaces'), report),
    rules: readRules(child(node, 'rules'), report),
    neighbours: readNeighbours(child(node, 'neighbours'), report),
    forwarding: at(forwarding, flag(forwarding)),
    sysctls: readSysctls(child(node, 'sysctls'), report, of),
    publish: of === 'host' ? [] : readPublish(child(node, 'publish'), report),
    dns: readDns(child(node, 'dns'), report),
  };
}
