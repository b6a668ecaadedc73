import type { Path } from '../model/diagnostics/source-location.ts';
import type { FilePlaces } from '../model/files/file-places.ts';
import type { LabPrograms, LinkProgramsContext } from '../model/kernel/lab-process.ts';
import type { LiveState } from '../model/kernel/need.ts';
import type { LabFile, LabForward, LabLink, LabNat, LabRoute } from '../model/lab.ts';
import type { LabAttachment, LabPublication } from '../model/lab-parts/lab-attachment.ts';
import type {
  LabName,
  LabNftRule,
  LabPortClaim,
  LabResolver,
  LabSeenFile,
  LabServedName,
} from '../model/lab-parts/lab-registers.ts';
import type { LabSysctl } from '../model/lab-parts/lab-sysctl.ts';
import type { LinkKinds } from '../model/link-kind.ts';
import type { Topology } from '../model/topology.ts';
import type { Family, LabModel, LabModelInput, ModelLink } from './model.ts';
import type { ConnectedSubnetLookup } from './routing/connected-subnets.ts';

/** What is known of a lab when features resolve their words. */
type LabContext = {
  readonly world: LabModel;
  readonly connected: ConnectedSubnetLookup;
  readonly routes: readonly LabRoute[];
  /** Of every link that the lab makes. */
  readonly macs: ReadonlyMap<ModelLink, string>;
  /** The answers of the machine to what the features ask; without a machine there are none. */
  readonly live: LiveState;
  readonly secretOf: LinkProgramsContext['secretOf'];
  readonly places: FilePlaces;
};

/** The context in which a feature resolves its words: with the names that features of lower ranks have added. */
export type FeatureContext = LabContext & {
  readonly named: readonly LabName[];
  readonly served: readonly LabServedName[];
  readonly filtered: readonly ModelLink[];
};

/** Why a namespace must forward packets of a family although the file does not say so: `nat`, `portForwards`. */
export type ForwardingRequirement = {
  readonly netns: string;
  readonly family: Family;
  readonly reason: string;
  readonly at: Path;
};

/**
 * The registers: lists through which features meet without knowing each other. Each feature adds to them; routing, sysctls,
 * links, checks, kinds and pictures read them.
 */
export type LabRegisters = LabPrograms & {
  readonly nat: readonly LabNat[];
  readonly forwards: readonly LabForward[];
  readonly ports: readonly LabPortClaim[];
  readonly nft: readonly LabNftRule[];
  readonly seenFiles: readonly LabSeenFile[];
  readonly resolvers: readonly LabResolver[];
  /** Settings with a reason: forwarding, other sysctls, and links whose bridge port must send frames back. */
  readonly forwarding: readonly ForwardingRequirement[];
  readonly sysctls: readonly LabSysctl[];
  readonly hairpins: readonly ModelLink[];
  /** Bridges whose frames between two ports pass netfilter. */
  readonly filtered: readonly ModelLink[];
  /** Interfaces that CNI plugins make, and ports of the host that they publish. */
  readonly attachments: readonly LabAttachment[];
  readonly publications: readonly LabPublication[];
  /** Routes with a reason, beside those of the file. */
  readonly routes: readonly LabRoute[];
  /** What has a name beside the namespaces. */
  readonly named: readonly LabName[];
  /** Every name of the lab with its addresses, for whoever answers for them. */
  readonly served: readonly LabServedName[];
};

/** The additions of one feature to the registers, and its own value in `Lab.features`. */
export type FeatureContribution = Partial<LabRegisters> & {
  readonly value?: unknown;
  /** What it adds when it knows what all others have added. Left out: nothing more. */
  readonly later?: (all: Pick<LabRegisters, 'ports'>) => Partial<LabRegisters>;
};

/** Resolves the words of one feature. What cannot be resolved is reported and left out. */
export type FeatureResolver = (context: FeatureContext) => FeatureContribution;

/** How what kinds and features bring is resolved; this layer knows none of them by name. */
export type LabResolvers = {
  readonly files: readonly ((topology: Topology) => readonly LabFile[])[];
  readonly features: readonly { readonly name: string; readonly resolve: FeatureResolver }[];
  readonly linkKinds: LinkKinds;
  readonly networks: LabModelInput['networks'];
  /** The bytes of secrets that the lab has already. Left out: none. */
  readonly secretOf?: LinkProgramsContext['secretOf'];
  /** Where the files are that the topology names. Left out: nowhere. */
  readonly places?: FilePlaces;
  /** Generated MACs are made from it. Left out: the name of the lab. */
  readonly macSeed?: string;
  readonly live: LiveState;
};

/** The registers with what every feature adds, in the order of the features, and what each keeps for itself. */
export function fillRegisters(
  features: LabResolvers['features'],
  context: LabContext,
): LabRegisters & { readonly values: { readonly [feature: string]: unknown } } {
  const parts: { readonly name: string; readonly added: FeatureContribution }[] = [];
  for (const { name, resolve } of features) {
    const named = parts.flatMap(({ added }) => added.named ?? []);
    const served = parts.flatMap(({ added }) => added.served ?? []);
    const filtered = parts.flatMap(({ added }) => added.filtered ?? []);
    parts.push({ name, added: resolve({ ...context, named, served, filtered }) });
  }
  const ports = parts.flatMap(({ added }) => added.ports ?? []);
  for (const { name, added } of [...parts]) if (added.later) parts.push({ name, added: added.later({ ports }) });
  const all = <Register extends keyof LabRegisters>(register: Register): LabRegisters[Register] =>
    parts.flatMap<unknown>(({ added }) => added[register] ?? []) as unknown as LabRegisters[Register];
  return {
    nat: all('nat'),
    forwards: all('forwards'),
    ports: all('ports'),
    nft: all('nft'),
    seenFiles: all('seenFiles'),
    resolvers: all('resolvers'),
    forwarding: all('forwarding'),
    sysctls: all('sysctls'),
    hairpins: all('hairpins'),
    filtered: all('filtered'),
    attachments: all('attachments'),
    publications: all('publications'),
    routes: all('routes'),
    named: all('named'),
    served: all('served'),
    processes: all('processes'),
    storedFiles: all('storedFiles'),
    secrets: all('secrets'),
    values: Object.fromEntries(parts.flatMap(({ name, added }) => ('value' in added ? [[name, added.value]] : []))),
  };
}

/** The registers of programs with what links need beyond what features have added. */
export function addLinkPrograms(
  { processes, storedFiles, secrets }: LabPrograms,
  links: readonly LabLink[],
  { linkKinds, context }: { readonly linkKinds: LinkKinds; readonly context: LinkProgramsContext },
): LabPrograms {
  const parts = [...linkKinds.values()].flatMap(({ name, programs }) => {
    const own = programs === undefined ? [] : links.filter(({ kind }) => kind === name);
    return programs === undefined || own.length === 0 ? [] : [programs(own, context)];
  });
  return {
    processes: [...processes, ...parts.flatMap((part) => part.processes ?? [])],
    storedFiles: [...storedFiles, ...parts.flatMap((part) => part.storedFiles ?? [])],
    secrets: [...secrets, ...parts.flatMap((part) => part.secrets ?? [])],
  };
}
