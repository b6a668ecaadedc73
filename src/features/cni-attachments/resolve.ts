import { conflistsOf } from '../../kinds/files/conflist/entries.ts';
import { pluginsOf } from '../../kinds/files/conflist/plugins/validate-shape.ts';
import { type Family, IP_FAMILIES, type LabModel, type ModelLink } from '../../lab/model.ts';
import type { FeatureContext, FeatureContribution, ForwardingRequirement } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Json } from '../../model/json.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { CniConfig, LabAttachment } from '../../model/lab-parts/lab-attachment.ts';
import type { TopologyAttachment } from '../../model/lab-parts/topology-attachment.ts';
import type { TopologyFile } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { defaultFamilies, withDefaultsOf } from './default-routes.ts';
import { toRequest } from './requests.ts';

/** The interfaces that CNI plugins make, and the forwarding that their bridges need. */
export function resolveAttachments({ world, routes }: FeatureContext): FeatureContribution {
  const conflists = new Map(conflistsOf(world.topology).map((one) => [one.name, one]));
  const wanted = wantedAttachments(world, conflists);
  const attachments = wanted.map((one) => toAttachment(one, { world, defaults: defaultsOf(one, wanted, routes) }));
  return { attachments, forwarding: wanted.flatMap(requiredForwarding) };
}

/** An interface with `cni` whose link and network are known. */
type WantedAttachment = {
  readonly netns: string;
  readonly attachment: TopologyAttachment;
  readonly link: ModelLink;
  readonly conflist: TopologyFile;
  readonly config: CniConfig;
};

const wantedAttachments = (
  { topology, wiring }: LabModel,
  conflists: ReadonlyMap<string, TopologyFile>,
): readonly WantedAttachment[] =>
  topology.namespaces.flatMap((netns) =>
    netns.interfaces.flatMap(({ name, attachment }): WantedAttachment[] => {
      const link = wiring.devices.get(netns.name)?.get(name);
      const conflist = conflists.get(attachment?.network.value ?? '');
      const config = conflist && toConfig(conflist);
      if (!attachment || !config || link?.kind !== 'plugin') return [];
      return [{ netns: netns.name, attachment, link, conflist, config }];
    }),
  );

/** The list as its plugins are called for it; null: it is not one, which is reported elsewhere. */
function toConfig({ name, content }: TopologyFile): CniConfig | null {
  const { cniVersion } = content;
  const plugins = pluginsOf(content).flatMap(({ plugin }) =>
    typeof plugin['type'] === 'string' ? [{ ...plugin, type: plugin['type'] }] : [],
  );
  if (typeof cniVersion !== 'string' || plugins.length === 0) return null;
  return { ...content, cniVersion, name, plugins };
}

/**
 * The families whose default route may go through an attachment, so that a namespace has one: the interface with
 * `gateway: true`, else the namespace's own default route, else the first network that makes one.
 */
function defaultsOf(
  { netns, link, conflist }: WantedAttachment,
  all: readonly WantedAttachment[],
  routes: readonly LabRoute[],
): readonly Family[] {
  const here = all.filter((one) => one.netns === netns);
  const chosen = here.find((one) => one.link.gateway?.value === true);
  if (chosen) return chosen.link === link ? IP_FAMILIES : [];
  return IP_FAMILIES.filter((family) => {
    const isRouted = routes.some(
      ({ netns: of, to, table }) =>
        of === netns && table === RT_TABLE_MAIN && to.endsWith('/0') && familyOf(to) === family,
    );
    if (isRouted || link.gateway?.value === false || !defaultFamilies(conflist).includes(family)) return false;
    const first = here.find(
      (one) => one.link.gateway?.value !== false && defaultFamilies(one.conflist).includes(family),
    );
    return first?.link === link;
  });
}

function toAttachment(
  { netns, attachment, link, conflist, config }: WantedAttachment,
  { world, defaults }: { readonly world: LabModel; readonly defaults: readonly Family[] },
): LabAttachment {
  const placed = world.addressesByLink.get(link) ?? [];
  const prefixes = placed.map(({ text }) => text);
  const words = `${netns}:${link.label}`;
  if (link.gateway?.value === true && defaultFamilies(conflist).length === 0) {
    const message = `network ${config.name} makes no default route, and ${words} is to be the way out`;
    const hint = 'write routes: [{ dst: 0.0.0.0/0 }] in its ipam';
    world.report(makeDiagnostic('bad-attachment', atValue(link.gateway.at), message, { hint }));
  }
  const request = toRequest(withDefaultsOf(config, defaults), { attachment, prefixes, words }, world.report);
  const used = config.plugins.flatMap(({ type, ...plugin }) => usedLinks(type, plugin));
  const { name: network } = config;
  return { netns, dev: link.name, network, ...request, prefixes, defaults, uses: used, at: link.at };
}

/** The links of the host that a plugin is configured to work on. */
const usedLinks = (type: string, { bridge, master, device }: { readonly [key: string]: Json }): readonly string[] => {
  const named = type === 'bridge' ? (bridge ?? 'cni0') : (master ?? device);
  return typeof named === 'string' ? [named] : [];
};

/** A plugin that routes switches forwarding on, and leaves it so: netform does it first, and gives it back. */
function requiredForwarding({ link, config, conflist }: WantedAttachment): readonly ForwardingRequirement[] {
  const routes = config.plugins.some(
    ({ type, isGateway, isDefaultGateway }) =>
      type === 'ptp' || (type === 'bridge' && (isGateway === true || isDefaultGateway === true)),
  );
  const families = new Set(link.network?.pools.map(({ prefix }) => prefix.family));
  return routes ? [...families].map((family) => ({ netns: 'host', family, reason: 'cni', at: conflist.at })) : [];
}
