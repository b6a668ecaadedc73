import type { Json } from '../model/json.ts';
import type { ImportFacts } from '../model/kernel/import-facts.ts';
import type { LinkKinds } from '../model/link-kind.ts';
import { discoverTopology } from './discover.ts';
import { inferGateways } from './gateways.ts';
import { type InterfaceSections, importBridge, importInterfaces } from './interfaces.ts';
import {
  type ImportModel,
  type ImportOptions,
  importEndpointKey,
  importNetnsState,
  unknownAddresses,
  writtenAddressValues,
} from './model.ts';
import { importNameFiles } from './name-files.ts';
import { importNat, type NatSections } from './nat.ts';
import { type ImportResult, type JsonMap, omitEmpty, oneOrList } from './result.ts';
import { importNeighbours } from './routing/neighbours.ts';
import { importRoutes } from './routing/routes.ts';
import { importRules } from './routing/rules.ts';
import { importSysctls } from './sysctls.ts';
import { reportUnsupported } from './unsupported.ts';

/** The smallest topology that describes what was read. */
export function importLive(inventory: ImportFacts, choice: ImportOptions, linkKinds: LinkKinds): ImportResult {
  const unknown = new Set<string>();
  const leftOut = new Set<string>();
  const report = {
    unknown: (line: string) => void unknown.add(line),
    leaveOut: (line: string) => void leftOut.add(line),
  };
  const found = discoverTopology(inventory, { choice, linkKinds, ...report });
  const gateways = inferGateways(found);
  const services = importNat(found);
  const hasForwards = services.needsForwarding.size > 0;
  const wires = importInterfaces(found, { refused: gateways.refused, hasForwards });
  const about = { found, gateways, wires, services };
  if (inventory.files.length > 0 && choice.purpose === 'adopt')
    leftOut.add(
      `name files, which stay as they are: ${someOf(inventory.files.map(({ netns, name }) => `/etc/netns/${netns}/${name}`))}`,
    );
  const host = partsOf('host', about);
  const document = {
    version: 1,
    name: choice.name,
    ...omitEmpty({
      bridges: host['bridges'],
      namespaces: Object.fromEntries(
        found.places.filter((name) => name !== 'host').map((name) => [name, namespaceOf(name, about)]),
      ),
      links: wires.cables,
      host: omitEmpty({ ...host, bridges: null, routes: null, nat: null, portForwards: null }),
      routes: host['routes'],
      nat: host['nat'],
      portForwards: host['portForwards'],
    }),
    dns: { names: false },
  };
  return {
    document,
    head: [],
    comments: [{ at: ['dns'], text: NAMES }],
    unknown: [...unknown],
    leftOut: [...leftOut],
  };
}

/** The first few, and how many more there are. */
const someOf = (all: readonly string[]): string =>
  all.length <= MOST_NAMED
    ? all.join(', ')
    : `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;

const MOST_NAMED = 5;

const NAMES = 'Without this, the namespaces would also know each other by name.';

type ImportContext = {
  readonly found: ImportModel;
  readonly gateways: ReturnType<typeof inferGateways>;
  readonly wires: InterfaceSections;
  readonly services: NatSections;
};

function namespaceOf(netns: string, about: ImportContext): JsonMap {
  const { found, services } = about;
  const names =
    found.choice.purpose === 'copy' ? importNameFiles(netns, found.inventory.files) : { dns: {}, leftOut: [] };
  for (const line of names.leftOut) found.leaveOut(line);
  return { ...partsOf(netns, about), ...omitEmpty({ publish: services.publish.get(netns), dns: names.dns }) };
}

/** The sections of the host or a namespace. */
function partsOf(netns: string, { found, gateways, wires, services }: ImportContext): JsonMap {
  const links = new Set(
    found.pairs
      .flatMap(({ near, far }) => [near, far])
      .concat(found.own)
      .filter((end) => end.netns === netns)
      .map(({ link }) => link.name),
  );
  const bridges = found.lans.filter(({ bridge }) => bridge.netns === netns).map(({ bridge }) => bridge);
  for (const { link } of bridges) links.add(link.name);
  if (netns !== 'host') links.add('lo');
  reportUnsupported(found, netns, wires.interfaces);
  for (const line of unknownAddresses(found, netns, links)) found.unknown(line);
  const own = [...wires.interfaces.values()].filter(({ end, value }) => end.netns === netns && value !== null);
  const { forwarding, sysctls } = importSysctls(found, netns, { isNeeded: services.needsForwarding.has(netns), links });
  return omitEmpty({
    forwarding,
    interfaces: {
      ...Object.fromEntries(own.map(({ end, value }) => [end.link.name, value])),
      ...loopback(found, netns),
    },
    bridges: Object.fromEntries(
      bridges.map((end) => [end.link.name, importBridge(found, end, gateways.none.has(importEndpointKey(end)))]),
    ),
    routes: importRoutes(found, netns, { links, implied: gateways.implied }),
    rules: importRules(found, netns),
    neighbours: importNeighbours(found, netns, links),
    sysctls,
    nat: services.nat.get(netns),
    portForwards: services.forwards.get(netns),
  });
}

function loopback(found: ImportModel, netns: string): { readonly [name: string]: Json } {
  const link = importNetnsState(found, netns)?.links.get('lo');
  const addresses = link && netns !== 'host' ? writtenAddressValues(found, { netns, link }) : [];
  const value = oneOrList(addresses);
  if (value === null) return {};
  return { lo: Array.isArray(value) || typeof value === 'string' ? value : { address: value } };
}
