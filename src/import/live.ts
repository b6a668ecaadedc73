import type { Inventory } from '../model/inventory.ts';
import type { Json } from '../model/json.ts';
import { find } from './find.ts';
import { gatewaysIn } from './gateways.ts';
import { filled, type Imported, oneOrList, type Tree } from './imported.ts';
import { neighboursOf, routesOf, rulesOf } from './routing.ts';
import { type Services, servicesOf } from './services.ts';
import { settingsOf } from './settings.ts';
import { bridgeValue, type Wires, wiresOf } from './wires.ts';
import { addressesOf, type Choice, type Found, keyOf, thereIn } from './world.ts';

/** The smallest topology that describes what was read. */
export function importLive(inventory: Inventory, choice: Choice): Imported {
  const unknown = new Set<string>();
  const found = find(inventory, choice, (line) => void unknown.add(line));
  const gateways = gatewaysIn(found);
  const wires = wiresOf(found, gateways.refused);
  const about = { found, gateways, wires, services: servicesOf(found) };
  if (inventory.files.length > 0) unknown.add(`name files are not imported: ${someOf(inventory.files)}`);
  const host = partsOf('host', about);
  const document = {
    version: 1,
    name: choice.name,
    ...filled({
      bridges: host['bridges'],
      namespaces: Object.fromEntries(
        found.places.filter((name) => name !== 'host').map((name) => [name, namespaceOf(name, about)]),
      ),
      links: wires.cables,
      host: filled({ ...host, bridges: null, routes: null, nat: null, portForwards: null }),
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
    unknownIs: 'not understood',
  };
}

/** The first few, and how many more there are. */
const someOf = (all: readonly string[]): string =>
  all.length <= MOST_NAMED
    ? all.join(', ')
    : `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;

const MOST_NAMED = 5;

const NAMES = 'Without this, the namespaces would also know each other by name.';

type About = {
  readonly found: Found;
  readonly gateways: ReturnType<typeof gatewaysIn>;
  readonly wires: Wires;
  readonly services: Services;
};

function namespaceOf(netns: string, about: About): Tree {
  const { publish } = about.services;
  return { ...partsOf(netns, about), ...filled({ publish: publish.get(netns) }) };
}

/** All that a place can have. */
function partsOf(netns: string, { found, gateways, wires, services }: About): Tree {
  const links = new Set(
    found.pairs
      .flatMap(({ near, far }) => [near, far])
      .concat(found.vxlans)
      .filter((end) => end.netns === netns)
      .map(({ link }) => link.name),
  );
  const bridges = found.lans.filter(({ bridge }) => bridge.netns === netns).map(({ bridge }) => bridge);
  for (const { link } of bridges) links.add(link.name);
  if (netns !== 'host') links.add('lo');
  const own = [...wires.interfaces.values()].filter(({ end, value }) => end.netns === netns && value !== null);
  const { forwarding, sysctls } = settingsOf(found, netns, { isNeeded: services.needsForwarding.has(netns), links });
  return filled({
    forwarding,
    interfaces: {
      ...Object.fromEntries(own.map(({ end, value }) => [end.link.name, value])),
      ...loopback(found, netns),
    },
    bridges: Object.fromEntries(
      bridges.map((end) => [end.link.name, bridgeValue(found, end, gateways.none.has(keyOf(end)))]),
    ),
    routes: routesOf(found, netns, { links, implied: gateways.implied }),
    rules: rulesOf(found, netns),
    neighbours: neighboursOf(found, netns, links),
    sysctls,
    nat: services.nat.get(netns),
    portForwards: services.forwards.get(netns),
  });
}

function loopback(found: Found, netns: string): { readonly [name: string]: Json } {
  const link = thereIn(found, netns)?.links.get('lo');
  const addresses = link && netns !== 'host' ? addressesOf(found, { netns, link }) : [];
  return addresses.length === 0 ? {} : { lo: oneOrList(addresses) };
}
