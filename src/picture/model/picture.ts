/**
 * What is to be seen of a lab, independent of a format: boxes, switches and what connects them. Names and
 * addresses are as they came; each format escapes them. `ids` are the resources that a part stands for.
 */
export type Picture = {
  readonly name: string;
  /** The machine itself. */
  readonly host: Box;
  /** The namespaces, in the order of the file. */
  readonly boxes: readonly Box[];
  readonly switches: readonly Switch[];
  readonly nics: readonly HostNic[];
  readonly wires: readonly PictureWire[];
  readonly gates: readonly NatGate[];
  /** Whether something of the lab leads out of the machine. */
  readonly outside: boolean;
};

/** What an apply would do with a part (the first four), or how it has drifted since the last one. */
export type ChangeStatus = 'added' | 'changed' | 'replaced' | 'deleted' | 'drifted' | 'missing' | 'foreign';

/** The status of a resource by its id. */
export type StatusLookup = (id: string) => ChangeStatus | null;

/** A word's sign, so that nothing is said by colour alone. */
export const STATUS_SIGNS: { readonly [word in ChangeStatus]: string } = {
  added: '+',
  changed: '~',
  replaced: '±',
  deleted: '-',
  drifted: '~',
  missing: '!',
  foreign: '?',
};

/** How a picture names a status: drift in place is `changed`, as in `netform show`. */
export const statusLabel = (word: ChangeStatus): string => (word === 'drifted' ? 'changed' : word);

/** A status with its sign: `~ changed`. */
export const statusText = (word: ChangeStatus): string => `${STATUS_SIGNS[word]} ${statusLabel(word)}`;

type PicturePart = { readonly id: string; readonly ids: readonly string[]; readonly word: ChangeStatus | null };

/** A namespace, or the host. `id` is `netns:red`, or `host`. */
export type Box = PicturePart & {
  readonly name: string;
  /** Whether it passes on what is not meant for it. */
  readonly forwarding: boolean;
  readonly rows: readonly BoxRow[];
};

/** One line in a box. `texts` of an interface: its addresses. `links` of a route: the interfaces that it leaves by. */
export type BoxRow = PicturePart & {
  readonly sort:
    | 'container'
    | 'interface'
    | 'route'
    | 'rule'
    | 'nat'
    | 'forward'
    | 'firewall'
    | 'dns'
    | 'cni'
    | 'program';
  readonly name: string;
  readonly texts: readonly string[];
  readonly links?: readonly string[];
};

/** Whether a row is a default route, of IPv4 or IPv6. */
export const isDefaultRoute = ({ sort, name }: BoxRow): boolean =>
  sort === 'route' && /^(?:default|::\/0)(?:@\d+)?$/.test(name);

/** What a row is called in a picture: a default route has one name in both families, as in `ip route`; its next hop tells them apart. */
export const rowName = (row: BoxRow): string => (isDefaultRoute(row) ? row.name.replace('::/0', 'default') : row.name);

/** A bridge. `place` is the id of the box that it is in. */
export type Switch = PicturePart & {
  readonly place: string;
  readonly name: string;
  readonly subnets: readonly string[];
  /** The LANs that it is, where it keeps VLANs apart: `VLAN 10 red 10.10.0.0/24`. */
  readonly vlans: readonly string[];
  /** Its own, which put that box on the LAN. */
  readonly addresses: readonly string[];
};

/** An interface of the host that is not a port of a bridge; `existing`: the machine's own. */
export type HostNic = PicturePart & {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly existing: boolean;
};

/** A cable, or two ends of an overlay. `subnets`: of one that is a LAN by itself. `towards`: the end where a default route leads to. */
export type PictureWire = PicturePart & {
  readonly ends: readonly [PictureWireEnd, PictureWireEnd];
  readonly subnets: readonly string[];
  readonly towards: 0 | 1 | null;
  /** What a tunnel or a link on a NIC is called: its kind and number; null: it is a cable. */
  readonly overlay: string | null;
  /** The VLANs of its port, and what features say of it. */
  readonly note?: string;
};

/** `node` is the id of a box, a switch or a nic; `port` the interface of a box, null for the others. */
export type PictureWireEnd = { readonly node: string; readonly port: string | null };

/**
 * NAT or a forward at the edge of the host; `inner` and `outer` are ids of parts, null for any source and for outside.
 * `sources`: the ids of all parts that NAT translates the packets of, when these are several.
 */
export type NatGate = PicturePart & {
  readonly sort: 'nat' | 'forward';
  readonly name: string;
  readonly text: string;
  readonly inner: string | null;
  readonly outer: string | null;
  readonly sources?: readonly string[];
};

/** The parts on the inner side of a gate. */
export const gateInners = ({ inner, outer, sources }: NatGate): readonly string[] =>
  (sources ?? (inner === null ? [] : [inner])).filter((id) => id !== outer);

/**
 * The ids of what a plan adds to a lab that is there. A layout decides by the rest, so that this has the same places in the
 * plan and without it; of a lab that is all new, none.
 */
export function addedParts({ boxes, switches, nics, gates }: Picture): ReadonlySet<string> {
  const parts = [...boxes, ...switches, ...nics, ...gates];
  const added = parts.filter(({ word }) => word === 'added');
  return new Set(boxes.every(({ word }) => word === 'added') ? [] : added.map(({ id }) => id));
}

/** The status of a whole from those of its parts: it has drifted, an apply would change it, or neither (null). */
export function mergeStatuses(words: readonly ChangeStatus[]): ChangeStatus | null {
  if (words.length === 0) return null;
  return words.some((word) => ['drifted', 'missing', 'foreign'].includes(word)) ? 'drifted' : 'changed';
}

/** Every status, in the order of legends. */
export const CHANGE_STATUSES: readonly ChangeStatus[] = [
  'added',
  'changed',
  'replaced',
  'deleted',
  'drifted',
  'missing',
  'foreign',
];

/** Every word that is used, in the order of CHANGE_STATUSES. */
export function pictureStatuses(picture: Picture): readonly ChangeStatus[] {
  const { host, boxes, switches, nics, wires, gates } = picture;
  const rows = [host, ...boxes].flatMap((box) => box.rows);
  const used = new Set([host, ...boxes, ...switches, ...nics, ...wires, ...gates, ...rows].map(({ word }) => word));
  return CHANGE_STATUSES.filter((word) => used.has(word));
}
