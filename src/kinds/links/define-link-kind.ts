import { linkId, netnsIds } from '../../model/ids.ts';
import { type Spec, sameJson } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab, LabLink } from '../../model/lab.ts';
import { hasOwnMac, type LinkKind, type LinkOptions } from '../../model/link-kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { withoutPortDefaults } from '../../net/bridge-port.ts';
import { disruptionOf } from '../disruption.ts';
import {
  absentObservation,
  blockingObservation,
  ownObservation,
  restoreOriginal,
  unknownObservation,
} from '../observation.ts';
import { hostLinkClaims } from './host-link-claims.ts';
import {
  aliasInstruction,
  DEFAULT_LINK_MTU,
  findLink,
  foreignLinkOwner,
  kernelMasters,
  linkDependencies,
  linkLabel,
  originalLinkMark,
} from './link-attributes.ts';
import { describeLink } from './link-description.ts';
import { linkDisruption } from './link-disruption.ts';
import { afterPortsInstructions, beforePorts, linkInstructions } from './link-instructions.ts';
import { adoptableObservation, findLosses, hasOtherFields, lossQuery, replacedObservation } from './link-losses.ts';
import {
  fixedOptions,
  joinSpec,
  LINK_MARK_FIELDS,
  lowerOfSpec,
  portField,
  type SplitLink,
  splitSpec,
} from './link-spec.ts';
import { keptPortSettings, livePort, unspecifiedPortFields } from './port-settings.ts';

/** What a folder of src/kinds/links exports: the kind of link, the kind of resource that the engine knows, and those of what belongs to such links. */
export type LinkKindModule = { readonly link: LinkKind; readonly resource: Kind; readonly others?: readonly Kind[] };

/** A kind of link with the resource that all links of one end share; a pair brings its own. */
export function defineLinkKind<O extends LinkOptions>(kind: LinkKind<O>, resource?: Kind): LinkKindModule {
  const link = kind as unknown as LinkKind;
  return { link, resource: resource ?? linkResource(link) };
}

/** The kind of resource of links of one end. */
export function linkResource(kind: LinkKind): Kind {
  return {
    name: kind.name,
    compile: (lab) => compileLinks(kind, lab),
    query: ({ netns, spec }, context) => [
      ...[...new Set([netns, lowerOfSpec(kind, spec)?.netns ?? netns])].map(
        (one) => ({ need: 'namespace', netns: one }) as const,
      ),
      ...lossQuery(context, netns),
    ],
    ...(kind.hasForwardingTable ? { unmanagedQuery: ({ netns }) => [{ need: 'forwarding-entries', netns }] } : {}),
    observe: (live, resource, context) => observeLink(kind, live, { resource, context }),
    claims: ({ netns, name }) => [`${netns}/${name}`],
    keptSettings: ({ netns, spec, unspecified }) =>
      new Map([[`${netns}/${String(spec['name'])}`, keptPortSettings(splitSpec(kind, spec).common, unspecified)]]),
    remark: (spec, context) => ({ set: [aliasInstruction(splitSpec(kind, spec).common, context)] }),
    exclusive: ({ netns, name }) => hostLinkClaims([`${netns}/${name}`]),
    immutable: ['netns', 'name', ...kind.immutable],
    ...(kind.fixedBetween ? { fixedBetween: (before, after) => fixedOptions(kind, before, after) } : {}),
    markFields: LINK_MARK_FIELDS,
    isCreatable: (spec) => kind.unlike === null || !sameJson(splitSpec(kind, spec).options, kind.unlike),
    instructions: (operation, phase, context) => linkInstructions(kind, operation, { phase, context }),
    ...(kind.afterPorts
      ? {
          lastInstructions: (operation) => afterPortsInstructions(kind, operation),
          beforeLast: (spec) => beforePorts(kind, spec),
        }
      : {}),
    describe: (operation) => describeLink(kind, operation),
    disrupts: disruptionOf((before, after) => linkDisruption(splitSpec(kind, before), splitSpec(kind, after))),
    restoreTo: restoreOriginal,
  };
}

/** A link goes with the one that it sends through: the kernel deletes it (NETDEV_UNREGISTER of the lower device). */
function compileLinks(kind: LinkKind, lab: Lab): readonly Resource[] {
  const place = linkDependencies(lab);
  const masterInKernel = kernelMasters(lab);
  const masters = new Map([...lab.bridges, ...lab.links].map((link) => [`${link.netns}/${link.name}`, linkId(link)]));
  return [...lab.bridges, ...lab.links]
    .filter((link) => link.kind === kind.name)
    .map((named): Resource => {
      const link = { ...named, master: masterInKernel(named) };
      const { netns, lower, master, at } = link;
      const { dependsOn, within } = place(netns, lower === null ? [] : [lower]);
      const bridge = master === null ? undefined : masters.get(`${netns}/${master}`);
      return {
        kind: kind.name,
        id: linkId(link),
        netns,
        spec: joinSpec(kind, wantedLink(kind, link)),
        dependsOn: bridge === undefined ? dependsOn : [...dependsOn, bridge],
        within: lower === null || lower.netns === netns ? within : [...new Set([...netnsIds(netns), ...within])],
        ...unspecifiedFields(kind, link),
        origin: at,
        note: null,
      };
    });
}

/** The fields that the topology does not specify. */
function unspecifiedFields(
  { nested, unspecified }: LinkKind,
  { isMacUnspecified, master, port, options }: LabLink,
): Pick<Resource, 'unspecified'> {
  const fields = [
    ...(unspecified?.(options) ?? []).map((name) => (nested === undefined ? [name] : [nested, name])),
    ...(isMacUnspecified ? [['mac']] : []),
    ...(master === null ? [] : unspecifiedPortFields(['portSettings'], port)),
  ];
  return fields.length === 0 ? {} : { unspecified: fields };
}

function wantedLink(kind: LinkKind, link: LabLink): SplitLink {
  const { netns, name, label, mac, mtu, up, master, options } = link;
  const port =
    kind.section === 'bridges' ? bridgeMaster(master) : { master, ...portField(withoutPortDefaults(link.port ?? {})) };
  return { common: { netns, name, label, mac, mtu: mtu ?? DEFAULT_LINK_MTU, up, ...port }, options };
}

/** For spreading: of a bridge it is left out where there is none. */
const bridgeMaster = (master: string | null): { readonly master?: string } => (master === null ? {} : { master });

type LinkObservationContext = { readonly resource: Resource; readonly context: KindContext };

function observeLink(kind: LinkKind, live: LiveState, { resource, context }: LinkObservationContext): Observation {
  const wanted = splitSpec(kind, resource.spec);
  const recorded = context.recorded && splitSpec(kind, context.recorded.spec);
  const placed = findLink(live, wanted.common, { context, mac: recorded?.common.mac || null });
  if (!placed) return absentObservation;
  const { netns, name, link } = placed;
  const whose = foreignLinkOwner(context, link, wanted.common.mac);
  const isOfKind = link.kind === kind.name;
  // A link of ours of another kind goes by its own resource.
  if (whose === null && !isOfKind) return absentObservation;
  const options =
    isOfKind && link.options
      ? withoutTransients(kind, link.options, { link, known: recorded ?? wanted })
      : (kind.unlike ?? {});
  const { mtu, up, master } = link;
  const mac = hasOwnMac(kind, options) ? link.mac : '';
  const common = {
    netns,
    name,
    label: linkLabel(context, link),
    mac,
    mtu,
    up,
    ...(kind.section === 'bridges' ? bridgeMaster(master) : { master, ...livePort(link, wanted.common.portSettings) }),
  };
  const spec = joinSpec(kind, { common: { ...common, ...originalLinkMark(link, whose === null) }, options });
  if (!isOfKind)
    return blockingObservation(
      spec,
      `${link.kind ?? 'a device'}, not ${kind.phrase}`,
      'remove or rename one of the two',
    );
  if (whose === null) {
    const fixed = ['netns', 'name', ...kind.immutable, ...fixedOptions(kind, spec, resource.spec)];
    const isReplaced = hasOtherFields(spec, resource.spec, fixed);
    return isReplaced ? replacedObservation(spec, [link], context) : ownObservation(spec);
  }
  if (link.options === null && link.unknown) return unknownObservation({ ...spec, unknown: link.unknown }, whose);
  const isMacKept = resource.unspecified?.some(([field]) => field === 'mac') || mac === '';
  const end = { ...wanted.common, mac: isMacKept ? null : wanted.common.mac, master: wanted.common.master ?? null };
  return adoptableObservation(spec, { whose, losses: findLosses(live, placed, { wanted: end, context }) });
}

/** The options without what the kernel does to them of its own accord for a while. */
function withoutTransients(
  kind: LinkKind,
  options: LinkOptions,
  { link, known }: { readonly link: { readonly changing?: true }; readonly known: SplitLink },
): Spec {
  const passing = link.changing ? (kind.transient?.(options) ?? []) : [];
  return { ...options, ...Object.fromEntries(passing.map((option) => [option, known.options[option] ?? null])) };
}
