import type { CheckName } from '../../model/diagnostics/check-codes.ts';
import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { Topology, TopologyAddress, TopologyInterface, TopologyNetns } from '../../model/topology.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { shortLinkName } from '../../net/name.ts';
import { formatPrefix, networkPrefix, parsePrefix } from '../../net/prefix.ts';
import { didYouMeanHint, formatRef, joinLimited, quoteColons } from '../messages.ts';
import type { LabModelInput, ModelLink } from '../model.ts';
import { withSelectedTargets } from '../selectors/selected-targets.ts';
import { bridgeReferences, resolveBridge } from './bridges.ts';
import type { CableResolution } from './cables.ts';
import { resolvePluginLink } from './plugin-links.ts';

/** One entry under `interfaces`. `port`: the bridge that it needs a port on. Not `sound`: it cannot be made. */
export type InterfaceResolution = {
  readonly link: ModelLink;
  readonly port: ModelLink | null;
  readonly sound: boolean;
};

type InterfaceContext = {
  readonly source: LabModelInput;
  readonly bridges: ReadonlyMap<string, ModelLink>;
  readonly ends: CableResolution['ends'];
};

/** The link of an entry, and what it is wired to: a bridge, a cable, the machine (`existing`), or nothing (`lo`). */
export function resolveInterface(
  netns: TopologyNetns,
  entry: TopologyInterface,
  ground: InterfaceContext,
): InterfaceResolution {
  const { source } = ground;
  const plain = toInterfaceLink(netns, entry);
  const fail = (check: CheckName, at: SourceLocation, message: string, hint: string): InterfaceResolution => {
    source.report(makeDiagnostic(check, at, message, { hint }));
    return { link: plain, port: null, sound: false };
  };
  const words = `${netns.name}:${entry.name}`;
  const { own } = entry;
  if (own === 'wrong') return { link: plain, port: null, sound: false };
  const made = resolvePluginLink(netns, entry, { source, plain, ends: ground.ends });
  if (made !== undefined) return { link: made ?? plain, port: null, sound: made !== null };
  if (entry.name === 'lo') {
    if (netns.name === 'host')
      return fail(
        'bad-name',
        atKey(entry.at),
        "the machine's lo is left alone",
        'add the address to another interface',
      );
    const wired = entry.bridge ?? own ?? entry.attachment;
    return wired
      ? fail('cable-conflict', atValue(wired.at), 'lo cannot be wired', 'name another interface')
      : { link: { ...plain, kind: 'lo' }, port: null, sound: true };
  }
  const cabled = ground.ends.has(`${netns.name}/${entry.name}`);
  if (entry.existing) return resolveExisting(netns, entry, { ...ground, plain, cabled });
  const phrase = own && linkKindOf(source.linkKinds, own.kind).phrase;
  if (own && cabled) {
    const hint = `leave out the ${own.kind} or the cable`;
    return fail('cable-conflict', atKey(own.at), `${words} is ${phrase}; a cable creates its own`, hint);
  }
  const link: ModelLink = own ? { ...plain, kind: 'own', own: withSelectedTargets(source, own, netns.name) } : plain;
  if (!entry.bridge) {
    if (cabled || own) return { link, port: null, sound: true };
    if (hasBrokenCable(source.topology, netns.name, entry.name)) return { link, port: null, sound: false };
    return fail('unwired-interface', atKey(entry.at), `${words} is not wired`, wiringHint(netns, entry, ground));
  }
  const written = formatRef(entry.bridge.value);
  const bridge = resolveBridge(ground.bridges, netns.name, entry.bridge.value);
  if (!bridge) {
    const candidates = bridgeReferences(ground.bridges, netns.name);
    const hint = didYouMeanHint(written, candidates, 'bridges');
    const failed = fail('unknown-bridge', atValue(entry.bridge.at), `there is no bridge ${written}`, hint);
    const near = closestMatch(written, candidates);
    if (near === null) return failed;
    // What else is wrong is found as if the bridge that was probably meant were written.
    const [name = '', part = null] = near.split(':');
    const value = { name, part };
    // A bridge with a name that no bridge can have is not found by it.
    if (!resolveBridge(ground.bridges, netns.name, value)) return failed;
    return resolveInterface(netns, { ...entry, bridge: { ...entry.bridge, value } }, ground);
  }
  if (!cabled && !own) return { link: { ...plain, automatic: entry.address === 'auto' }, port: bridge, sound: true };
  if (bridge.netns === netns.name) return { link: { ...link, master: bridge }, port: null, sound: true };
  return fail(
    'cable-conflict',
    atValue(entry.bridge.at),
    `${words} ${phrase === null ? 'has a cable' : `is ${phrase}`}, and bridge ${written} is not in ${netns.name}`,
    `${phrase ?? 'leave out the bridge or the cable: the end of a cable'} can only be a port of a bridge in its own namespace`,
  );
}

/** How an interface can be wired: to a bridge that there is, to another interface that is not wired, else to a new bridge. */
function wiringHint(netns: TopologyNetns, { name, address }: TopologyInterface, context: InterfaceContext): string {
  const names = bridgeReferences(context.bridges, netns.name);
  const existing = netns.name === 'host' ? '; or `existing: true` for a link of the machine' : '';
  const written = typeof address === 'string' ? [] : address.map(prefixText);
  const entry = (bridge: string) =>
    `${name}: { bridge: ${[bridge, ...written.slice(0, 1).map((one) => `address: ${one}`)].join(', ')} }`;
  const other = unwiredEnd(netns, context);
  if (names.length > 0) {
    const more = names.length > 1 ? ` (there are ${joinLimited(names, 4)})` : '';
    return `write ${entry(names[0] ?? 'lan')}${more}, or a cable under links${existing}`;
  }
  if (other !== null)
    return `write a cable under links: - ${cableText(`${netns.name}:${name}`, other, context)}${existing}`;
  const network = parsePrefix(written[0] ?? '10.0.0.0/24');
  const subnet = network ? formatPrefix(networkPrefix(network)) : '10.0.0.0/24';
  return `write ${entry('lan')}, and bridges: { lan: ${quoteColons(subnet)} } at top level${existing}`;
}

/** An address with its length, quoted where YAML needs it. */
const prefixText = ({ address, length }: TopologyAddress): string =>
  quoteColons(`${address}/${length ?? (address.includes(':') ? 64 : 24)}`);

/** A cable with its ends in the order of the file, so that both ends suggest the same one. */
function cableText(end: string, other: string, { source }: InterfaceContext): string {
  const names = source.topology.namespaces.map(({ name }) => name);
  const place = (text: string) => names.indexOf(text.split(':')[0] ?? '');
  return place(end) <= place(other) ? `${end} -- ${other}` : `${other} -- ${end}`;
}

/** An interface of another namespace that waits for a cable; null: there is none. */
function unwiredEnd(netns: TopologyNetns, { source, ends }: InterfaceContext): string | null {
  for (const other of source.topology.namespaces) {
    const waiting = other.interfaces.find(
      (one) => one.name !== 'lo' && !one.bridge && !one.own && !ends.has(`${other.name}/${one.name}`),
    );
    if (other.name !== netns.name && waiting) return `${other.name}:${waiting.name}`;
  }
  return null;
}

/** Whether a cable that could not be read may have been meant for an interface. */
const hasBrokenCable = ({ brokenCableEnds }: Topology, netns: string, name: string): boolean =>
  brokenCableEnds.some((end) => end.name === netns && (end.part ?? name) === name);

function resolveExisting(
  netns: TopologyNetns,
  entry: TopologyInterface,
  { source, bridges, plain, cabled }: InterfaceContext & { readonly plain: ModelLink; readonly cabled: boolean },
): InterfaceResolution {
  const link: ModelLink = {
    ...plain,
    kind: 'existing',
    up: true,
    name: nicName(entry, source),
    ...(entry.existingMac ? { nicMac: entry.existingMac } : {}),
  };
  if (netns.name !== 'host') {
    const message = `${entry.name} cannot exist before its namespace does`;
    source.report(
      makeDiagnostic('unwired-interface', atKey(entry.at), message, { hint: 'wire it to a bridge or a cable' }),
    );
    return { link, port: null, sound: false };
  }
  const wanted = [
    entry.own && entry.own !== 'wrong' && entry.own.kind,
    entry.mac && 'mac',
    entry.mtu && 'mtu',
    entry.state === 'down' && 'state',
  ];
  for (const key of wanted.filter((word) => typeof word === 'string')) {
    const message = `${entry.name} is a link that the machine has; netform does not change its ${key}`;
    const hint = 'an existing link can get addresses and routes, or be a port';
    source.report(makeDiagnostic('bad-value', atKey([...entry.at, key]), message, { hint }));
  }
  if (!entry.bridge) return { link, port: null, sound: !cabled };
  const { value, at } = entry.bridge;
  const master = resolveBridge(bridges, 'host', value);
  if (master?.netns === 'host' && plain.staticAddresses.length === 0)
    return { link: { ...link, master }, port: null, sound: !cabled };
  const [message, hint] = master
    ? master.netns === 'host'
      ? [
          `${entry.name} is a port, which hears nothing at an address of its own`,
          `give the bridge ${master.label} the address`,
        ]
      : [`${entry.name} is a link of the machine, and bridge ${formatRef(value)} is not`, 'name a bridge of the host']
    : [
        `there is no bridge ${formatRef(value)}`,
        didYouMeanHint(formatRef(value), bridgeReferences(bridges, 'host'), 'bridges'),
      ];
  source.report(makeDiagnostic(master ? 'bad-value' : 'unknown-bridge', atValue(at), message, { hint }));
  return { link, port: null, sound: false };
}

/** The name that a NIC has on the machine: one that is found by its MAC and is not there has that of its interface. */
function nicName({ name, existingMac }: TopologyInterface, { nicsOf }: LabModelInput): string {
  const [found, second] = existingMac ? (nicsOf?.(existingMac.value) ?? []) : [];
  return found !== undefined && second === undefined ? found : shortLinkName(name);
}

function toInterfaceLink(netns: TopologyNetns, entry: TopologyInterface): ModelLink {
  return {
    netns: netns.name,
    name: shortLinkName(entry.name),
    label: entry.name,
    kind: 'end',
    at: entry.at,
    staticAddresses: typeof entry.address === 'string' ? [] : entry.address,
    automatic: false,
    up: entry.state === 'up',
    mac: entry.mac,
    mtu: entry.mtu?.value ?? null,
    master: null,
    gateway: entry.gateway,
    bridge: null,
    own: null,
    port: entry.port,
    vlan: null,
  };
}

/** The entry of `unknown-bridge` in docs/checks.md. */
export const unknownBridgeDoc: CheckDoc = {
  name: 'unknown-bridge',
  code: 'NF2003',
  title: 'Unknown bridge',
  explain:
    'An interface names a bridge that neither its namespace nor the host has. The bridge of another namespace is written `router:cni0`.',
  bad: `
bridges: { lan-a: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan-b } } } }
`,
  good: `
bridges: { lan-a: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan-a } } } }
`,
};

/** The entry of `unwired-interface` in docs/checks.md. */
export const unwiredInterfaceDoc: CheckDoc = {
  name: 'unwired-interface',
  code: 'NF2006',
  title: 'Interface is not wired',
  explain: 'An interface has neither a bridge nor a cable nor a kind of its own, and is not a link of the machine.',
  bad: `
namespaces: { red: { interfaces: { eth0: 10.0.0.1/24 } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } } }
`,
};
