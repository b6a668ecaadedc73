import type { Json } from '../../../model/json.ts';
import { addressValue, type CommandConfig, type LinkConfig } from '../../commands/config.ts';
import type { ContainerPrograms } from '../../programs/container-programs.ts';
import { runEntries } from '../../programs/imported-program.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { mapValue, textValue, textValues } from '../../yaml-values.ts';
import { EXTERNAL, isManaged, type ManagementNetwork } from './management.ts';
import type { ContainerlabNode } from './nodes.ts';

/** An interface that a link of the file makes: what it is plugged into, and what the link says about it. */
export type WiredInterface = { readonly link: string; readonly value: JsonMap; readonly addresses: readonly string[] };

export type NamespaceContext = {
  readonly management: ManagementNetwork | null;
  readonly commands: CommandConfig;
  readonly wired: readonly WiredInterface[];
  /** The names of bridges in this namespace that are nodes of the file. */
  readonly innerBridges: readonly string[];
  /** What the nodes of this namespace run by themselves. */
  readonly running: readonly ContainerPrograms[];
  /** Takes what is left out. */
  readonly leftOut: string[];
};

/** The interface of a node on the management network. */
export const MANAGEMENT_LINK = 'eth0';
const SWITCHES = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'];

/** A node as a namespace. */
export function namespaceOf(node: ContainerlabNode, context: NamespaceContext): JsonMap {
  const { commands, innerBridges, running } = context;
  const bridges = new Map([...innerBridges.map((name) => [name, {}] as const), ...commands.bridges]);
  const { forwarding, rest } = forwardingIn({ ...mapValue(node.value['sysctls']), ...commands.sysctls });
  const dns = mapValue(node.value['dns']);
  return omitEmpty({
    container: containerOf(node),
    forwarding,
    interfaces: interfacesOf(node, bridges, context),
    bridges: Object.fromEntries(
      [...bridges].map(([name, settings]) => [
        name,
        omitEmpty({ address: oneOrList(commands.links.get(name)?.addresses ?? []), ...settings }),
      ]),
    ),
    routes: commands.routes,
    rules: commands.rules,
    neighbours: commands.neighbours,
    sysctls: rest,
    nat: commands.nat,
    portForwards: commands.portForwards,
    publish: textValues(node.value['ports']),
    dns: omitEmpty({
      nameservers: textValues(dns['servers']),
      search: textValues(dns['search']),
      options: textValues(dns['options']),
    }),
    run: runEntries([...running.flatMap(({ programs }) => programs), ...commands.programs]),
    files: Object.assign({}, ...running.map(({ files }) => files)),
  });
}

/** A container that runs already, and that containerlab neither makes nor ends; null: any other node. */
const containerOf = ({ label, kind, value }: ContainerlabNode): string | null =>
  kind === EXTERNAL ? `${textValue(value['runtime']) === 'podman' ? 'podman' : 'docker'}:${label}` : null;

/** The forwarding switches as the one word that the language has for them. */
function forwardingIn(sysctls: JsonMap): { readonly forwarding: Json; readonly rest: JsonMap } {
  const switches = SWITCHES.filter((key) => key in sysctls);
  const isOn = switches.some((key) => String(sysctls[key]) === '1');
  const rest = Object.fromEntries(Object.entries(sysctls).filter(([key]) => !switches.includes(key)));
  return { forwarding: switches.length === 0 ? null : isOn, rest };
}

function interfacesOf(
  node: ContainerlabNode,
  bridges: ReadonlyMap<string, JsonMap>,
  { management, commands, wired, leftOut }: NamespaceContext,
): JsonMap {
  const managed = management && isManaged(node) ? [managementInterface(node, management, commands)] : [];
  const cables = wired.map(({ link, value, addresses }) => {
    const written = commands.links.get(link);
    const port = written?.master && bridges.has(written.master) ? written.master : null;
    if (port !== null && value['bridge'] !== undefined)
      leftOut.push(`node ${node.label}: ${link} in ${port}; it is on ${String(value['bridge'])} already`);
    return [link, shortForm(value, written, { addresses, port })] as const;
  });
  const known = new Set([...managed, ...cables].map(([link]) => link));
  const made = [...commands.links].filter(([link, { kind }]) => kind !== null && !known.has(link));
  for (const [link, { addresses, kind }] of commands.links) {
    const isThere = known.has(link) || kind !== null || bridges.has(link) || link === 'lo';
    if (!isThere && addresses.length > 0)
      leftOut.push(`node ${node.label}: ${addresses.join(', ')} of ${link}, which no link makes`);
  }
  return omitEmpty({
    ...Object.fromEntries([...managed, ...cables]),
    ...Object.fromEntries(
      made.map(([link, config]) => {
        const port = config.master && bridges.has(config.master) ? config.master : null;
        return [link, shortForm(withPorts(link, config, commands), config, { addresses: [], port })];
      }),
    ),
    lo: interfaceValue(oneOrList((commands.links.get('lo')?.addresses ?? []).map(addressValue))),
  });
}

/** What a link is, with the links that commands made its ports: of those that are named there. */
function withPorts(link: string, { kind }: LinkConfig, { links }: CommandConfig): JsonMap {
  const [name, options] = Object.entries(kind ?? {})[0] ?? [];
  const ports = [...links].flatMap(([port, { master }]) => (master === link ? [port] : []));
  return name === undefined || ports.length === 0 ? (kind ?? {}) : { [name]: { ...Object(options), ports } };
}

function managementInterface(
  { value }: ContainerlabNode,
  { bridge }: ManagementNetwork,
  { hasDefaultDeleted, routes, links }: CommandConfig,
): readonly [string, Json] {
  const given = ['mgmt-ipv4', 'mgmt-ipv6'].flatMap((key) => textValues(value[key]));
  const address = oneOrList([...given, ...(links.get(MANAGEMENT_LINK)?.addresses ?? [])].map(addressValue));
  const hasOther = routes.some(({ to }) => to === 'default');
  return [MANAGEMENT_LINK, omitEmpty({ bridge, address, gateway: hasDefaultDeleted && !hasOther ? false : null })];
}

type ShortFormContext = { readonly addresses: readonly string[]; readonly port: string | null };

/** An interface as it is written: the addresses alone where there is nothing else to say. */
function shortForm(value: JsonMap, written: LinkConfig | undefined, { addresses, port }: ShortFormContext): Json {
  const given = oneOrList([...new Set([...addresses, ...(written?.addresses ?? [])])].map(addressValue));
  const { bridge = port, mac, mtu, address: without = null, ...kind } = value;
  const address = given ?? without;
  const rest = omitEmpty({
    ...kind,
    mac: written?.mac ?? mac,
    mtu: written?.mtu ?? (bridge === null && Object.keys(kind).length === 0 ? null : mtu),
    state: written?.isDown ? 'down' : null,
    port: bridge === null ? null : (written?.port ?? null),
    impair: written?.impair ?? null,
  });
  if (bridge === null && Object.keys({ ...rest, ...kind }).length === 0) return interfaceValue(address);
  return { ...omitEmpty({ bridge }), ...kind, ...omitEmpty({ address, ...rest }) };
}

/** The addresses of an interface that has nothing else. One with a peer alone needs its key. */
const interfaceValue = (address: Json): Json =>
  typeof address === 'string' || Array.isArray(address) || address === null ? address : { address };
