import type { LabCheck } from './diagnostics/check-doc.ts';
import type { LinkOptionsContext } from './diagnostics/link-options-context.ts';
import type { Json, Spec } from './json.ts';
import type { LabPrograms, LinkProgramsContext } from './kernel/lab-process.ts';
import type { WithUnknown } from './kernel/unknown-attribute.ts';
import type { LabLink } from './lab.ts';
import type { LinkSegmentRule } from './values/link-segment.ts';

/** Everything netform knows about one kind of link. Data and pure functions; each kind is one folder of src/kinds/links. */
export type LinkKind<O extends LinkOptions = LinkOptions> = {
  /** IFLA_INFO_KIND of the kernel, the word of `ip link add type`, and the key in the file. */
  readonly name: string;
  /** As docs and messages call one: `a bridge`. */
  readonly phrase: string;
  /** Where a topology declares it: an entry under `bridges`, an option of an interface, or an item of `links`. */
  readonly section: 'bridges' | 'interfaces' | 'links';
  /** What the schema says of the option at an interface. Empty for the other sections. */
  readonly explain: string;
  readonly fields: LinkFields;
  /** Exactly one of these fields is written; left out: there is no such choice. */
  readonly alternatives?: readonly (keyof O & string)[];
  /** The only field: its value is written alone, instead of a map. Left out: there is a map. */
  readonly shorthand?: keyof O & string;
  readonly docs: LinkKindDocs | null;
  /** The field of type `device` that names the link below. */
  readonly lower: string | null;
  /** With whom it shares a LAN, apart from a bridge; null: no rule of its own. */
  readonly segment: LinkSegmentRule | null;
  /** Bytes by which its packets are larger than those of the link below. */
  readonly overhead: (options: O) => number;
  /** What a picture writes at its line: the kind, and what tells it from others of that kind. */
  readonly caption: (options: O) => string;
  /** Whether the link has the MAC of the link below, whatever is asked for. */
  readonly inheritsMac?: (options: O) => boolean;
  /** It is there before the lab, and keeps its MTU unless another is written: no message makes one. */
  readonly isFound?: true;
  /** It carries packets without frames, and has no MAC. */
  readonly withoutMac?: true;
  /** It cannot be a port of a bridge or a bond, though it has a MAC. */
  readonly isNoPort?: true;
  /**
   * The links of its namespace that the field of type `ports` names are its ports. `frames`: they have no address, and its
   * MAC and its MTU. `packets`: they are as they were, but their routes are in the table of the option `table`.
   */
  readonly takes?: 'frames' | 'packets';
  /** The MTU of one that has no link below; left out: that of Ethernet. */
  readonly mtu?: number;
  /** Options that name ports, which are set when these are there. */
  readonly afterPorts?: readonly (keyof O & string)[];
  /** Options that the kernel does not change in place. */
  readonly immutable: readonly (keyof O & string)[];
  /** Further options that it does not change from the first values to the second. */
  readonly fixedBetween?: (before: O, after: O) => readonly (keyof O & string)[];
  /** The kernel resets the options that a change does not name, so that each change names all. */
  readonly resetsUnnamed?: true;
  /** Two links of one namespace cannot have these options alike; left out: they can. */
  readonly unique?: readonly (keyof O & string)[];
  /** The field of the recorded spec that holds the options; left out: they stand beside the common fields. */
  readonly nested?: string;
  /** Stands for the options of a live link with settings that the language lacks; null: no link of the kind has such. */
  readonly unlike: O | null;
  /** Options that may be the kernel's doing of the moment while `LinkLive.changing` holds. */
  readonly transient?: (options: O) => readonly (keyof O & string)[];
  /** Options that stay as they are on an adopted link, because the topology does not say them; left out: none. */
  readonly unspecified?: (options: O) => readonly (keyof O & string)[];
  readonly netlink: LinkCodec<O>;
  /** The words after `type KIND` of `ip link`, for what is present. */
  readonly shell: (options: Partial<O>) => readonly (string | number)[];
  /** What a plan says of one: each text between commas. */
  readonly describe: (link: LinkDescription<O>) => readonly string[];
  /** Whether the resolved options make sense together; reports what does not, and the link is then left out. */
  readonly check?: (options: O, context: LinkOptionsContext) => boolean;
  /** A bridge that a program makes: its ports are the program's, and have no master in the kernel. */
  readonly madeByProgram?: true;
  /** The programs, files and keys that links of the kind need. Left out: none. */
  readonly programs?: (links: readonly LabLink[], context: LinkProgramsContext) => Partial<LabPrograms>;
  /** Rules over all links of the kind. */
  readonly checks: readonly LabCheck[];
  /** A pair with two ends, made and deleted as one. */
  readonly pair?: true;
  /** The options that the kernel gives a new link by itself: a person who types the commands leaves them out. */
  readonly kernelDefaults?: Partial<O>;
  /** One queue each way instead of one a processor. */
  readonly singleQueue?: true;
  /** What a new one does, of these two (`arp`: IFF_NOARP is off; `multicast`: IFF_MULTICAST); left out: both. */
  readonly newFlags?: (options: O) => readonly ('arp' | 'multicast')[];
  /** The kernel gives it a queueing discipline by itself, and a queue of this length; left out: none (IFF_NO_QUEUE), and 1000. */
  readonly queueLength?: number;
  /** Where IFLA_INFO_KIND is not the name of the kind: what it is, and which links of it are of this kind. */
  readonly kernelKind?: { readonly name: string; readonly isOne: (data: AttributeReader) => boolean };
  /** `ioctl`: not made by netlink but by an ioctl on /dev/net/tun (`ip tuntap add mode NAME`). */
  readonly create?: 'ioctl';
  /** The words of its ports, in the language and after `type KIND_slave` of `ip link`; the kind of the link of its VLANs. */
  readonly ports?: { readonly fields: LinkFields; readonly shell: PortShell; readonly vlanLink: string };
  /** It keeps a table that says where the frames of each MAC go. */
  readonly hasForwardingTable?: true;
};

type PortShell = (values: Spec) => readonly string[];

/** The kinds of links by name. */
export type LinkKinds = ReadonlyMap<string, LinkKind>;

/** The resolved options of a link: names are addresses, devices are `NAME` or `host:NAME`, times are seconds. */
export type LinkOptions = Spec;

/** The options of a kind as they are written, by key. */
export type LinkFields = { readonly [key: string]: LinkField };

export type LinkField = {
  readonly description: string;
  readonly examples: readonly Json[];
  readonly required?: true;
} & (
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number; readonly default?: number }
  | { readonly type: 'flag'; readonly default: boolean }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default: string }
  /** Seconds, or a number with s, m or h. */
  | { readonly type: 'duration'; readonly minimum: number; readonly maximum: number; readonly default: number }
  /** A number with ms or s; the option is in milliseconds. */
  | { readonly type: 'milliseconds'; readonly maximum: number; readonly default: number }
  | { readonly type: 'address' }
  /** The address of a multicast group. Where it is not written, the options do not have it. */
  | { readonly type: 'group' }
  /** A user or a group of the machine, by name; by number where that has no name. */
  | { readonly type: 'account'; readonly of: 'user' | 'group' }
  /** What a feature reads and resolves: not an option of the link. `ends`: the key of its items that names another link, whose LAN it is on. */
  | { readonly type: 'feature'; readonly schema: Spec; readonly ends?: string }
  /** Links of the same namespace that are its ports. They are not an option: each says whose port it is. */
  | { readonly type: 'ports' }
  /** An address, or a name that has one on a LAN with this namespace; `familyOf`: the field whose family it prefers; `family`: the one that it has to have. `list`: there may be several; the option is the first. `group`: the field for a multicast address. */
  | {
      readonly type: 'target';
      readonly familyOf?: string;
      readonly family?: 4 | 6;
      readonly list?: true;
      readonly group?: string;
    }
  /** A link of the same namespace; with `host` also `host:NAME`, with `none` the word `none`. `towards`: the field whose subnet tells it when nothing is written. */
  | { readonly type: 'device'; readonly host?: true; readonly none?: true; readonly towards?: string }
);

/** The section of docs/language.md about a kind: `short` are options as they may stand at an interface, `example` is a whole topology. */
export type LinkKindDocs = {
  readonly title: string;
  readonly text: string;
  readonly short: readonly Json[];
  readonly example: string;
};

/** Attributes inside IFLA_INFO_DATA. */
export type LinkCodec<O extends LinkOptions = LinkOptions> = {
  /** Whether the index of the link below goes into IFLA_LINK; otherwise `encode` writes it. */
  readonly hasLinkAttribute?: true;
  readonly encode: (options: Partial<O>, references: LinkCodecReferences) => readonly Buffer[];
  /** Null options: the link has a setting that the language lacks and that makes it another link, named in `unknown`. */
  readonly decode: (data: AttributeReader, references: LinkCodecNames) => DecodedLink<O>;
};

/** `lower`: the index of the link below. `peer`: the message of the other end of a pair. `indexOf`: of a link beside it. */
export type LinkCodecReferences = {
  readonly lower: number | null;
  readonly peer: Buffer | null;
  readonly indexOf?: (name: string) => number;
};

/** `lower`: the device of IFLA_LINK as an option names it; null: none, or out of sight. */
export type LinkCodecNames = {
  readonly lower: string | null;
  readonly nameOf: (index: number) => string | null;
  /** The name of a user or a group, or its number where it has none. */
  readonly accountOf: (of: 'user' | 'group', id: number) => string;
};

/** The options of a live link, and what it has that the language lacks. `changing`: the kernel is still changing them by itself. */
export type DecodedLink<O extends LinkOptions = LinkOptions> = WithUnknown & {
  readonly options: O | null;
  readonly changing?: true;
};

/** The payload of an attribute by its type, and all attributes as they came. */
export type AttributeReader = {
  readonly get: (type: number) => Buffer | undefined;
  readonly bytes: () => Buffer;
};

export type LinkDescription<O extends LinkOptions = LinkOptions> = {
  readonly action: 'create' | 'update' | 'replace' | 'delete';
  readonly options: O;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly master: string | null;
};

/** The kind of a link that the registry has; throws for another, which no checked file can give. */
export function linkKindOf(kinds: LinkKinds, name: string): LinkKind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`invariant: ${name} is not a kind of link`);
  return kind;
}

/** The kind of a live link by its IFLA_INFO_KIND and IFLA_INFO_DATA; undefined: netform has none such. */
export function kindOfLiveLink(kinds: LinkKinds, name: string, data: () => AttributeReader): LinkKind | undefined {
  const same = kinds.get(name);
  if (same && !same.kernelKind) return same;
  for (const kind of kinds.values()) {
    if (kind.kernelKind?.name === name && kind.kernelKind.isOne(data())) return kind;
  }
  return undefined;
}

/** The kind of the links that a file declares in this section; there is one under `bridges` and one under `links`. */
export function sectionKind(kinds: LinkKinds, section: LinkKind['section']): LinkKind {
  const kind = [...kinds.values()].find((one) => one.section === section && !one.madeByProgram);
  if (!kind) throw new Error(`invariant: no kind of link stands under ${section}`);
  return kind;
}

/** The device that an option names, and the namespace that it is in. */
export function deviceOf(netns: string, device: string): { readonly netns: string; readonly name: string } {
  return device.startsWith(HOST) ? { netns: 'host', name: device.slice(HOST.length) } : { netns, name: device };
}

/** Whether a link with these options has a MAC that is its own. */
export const hasOwnMac = (kind: LinkKind, options: LinkOptions): boolean =>
  kind.withoutMac !== true && !kind.inheritsMac?.(options);

/** The link below a link; null: none. */
export function lowerOf(
  kind: LinkKind,
  { netns, options }: Pick<LabLink, 'netns' | 'options'>,
): ReturnType<typeof deviceOf> | null {
  const device = kind.lower === null ? null : options[kind.lower];
  return typeof device === 'string' && device !== '' ? deviceOf(netns, device) : null;
}

const HOST = 'host:';
