import type { Path } from './diagnostics/source-location.ts';
import type { Json, Spec } from './json.ts';

/** A pair of states of one resource. Its inverse is the swap. */
export type Operation<S extends Spec = Spec> = {
  /** `replace`: a delete and a create, because an immutable field changes or because what it is in is replaced. */
  readonly action: 'create' | 'update' | 'replace' | 'delete';
  readonly kind: string;
  readonly id: string;
  readonly netns: string;
  readonly before: S | null;
  readonly after: S | null;
  /** Field by field, for update and replace. Empty for a replace by cascade. */
  readonly changes: readonly FieldChange[];
  /** `file`: the topology changed. `drift`: someone changed the machine. `cascade`: what it is in is replaced. */
  readonly cause: 'file' | 'drift' | 'cascade';
  /** Set when both the file and the machine changed: the drift, as recorded and as found. */
  readonly byHand?: readonly FieldChange[];
  /** Set when an unmanaged object is adopted: who owned it. */
  readonly takenFrom?: string;
  /** Set when the lab gives up an object that it adopted: its former state is restored. */
  readonly givenBack?: true;
  /** The id of the operation whose delete makes the kernel do this one too: it needs no instruction. Null: none. */
  readonly takenBy: string | null;
  readonly dependsOn: readonly string[];
  readonly within: readonly string[];
  readonly origin: Path | null;
  readonly note: string | null;
};

/**
 * What an operation does to traffic that works before it. `link-flap`: it pauses, and the same connections go on.
 * `gone-for-a-moment`: what it uses is deleted and made again. `connections-lost`: what it uses does not come back.
 */
export type Disruption = 'none' | 'link-flap' | 'gone-for-a-moment' | 'connections-lost';

/** The names that lead to a field of a spec: `['near', 'mac']`. */
export type FieldPath = readonly string[];

/** A field of a spec with two values; null stands for a field that is not there. */
export type FieldChange = { readonly path: FieldPath; readonly before: Json; readonly after: Json };

/** How one operation reads. An nft table with three rules is one operation and three lines. */
export type PlanLine = {
  /** `?`: there, and not of the lab. */
  readonly sign: '+' | '~' | '±' | '-' | '?';
  readonly netns: string;
  /** `bridge`, `veth`, `route`, `nat`, `forward`, `names`: the word of the field. */
  readonly noun: string;
  readonly name: string;
  /** `to v-net-0, 192.168.15.1/24`; for changes `mtu 1500 → 1400`. */
  readonly text: string;
};

/** The ordered operations from the observed to the desired state. */
export type Plan = {
  readonly lab: string;
  readonly uid: string;
  /** Deletes first (reverse topological), then creates and updates (topological). Each stage's operations are independent. */
  readonly stages: readonly Stage[];
  /** How many namespaces were read, and in how many milliseconds. */
  readonly read: { readonly namespaces: number; readonly ms: number };
};

/**
 * Operations that do not depend on each other; `phase` says which half of a replace is done. `afterLast`: it comes after the
 * `lastInstructions` of all kinds, when links have their carriers.
 */
export type Stage = {
  readonly phase: 'delete' | 'make';
  readonly operations: readonly Operation[];
  readonly afterLast?: true;
};

/** Every operation of a plan once, in order; a replace is in two stages. */
export const operationsOf = ({ stages }: Pick<Plan, 'stages'>): readonly Operation[] => [
  ...new Map(stages.flatMap((stage) => stage.operations).map((operation) => [operation.id, operation])).values(),
];

/**
 * Whether a change concerns only the ownership mark: one of the kind's `markFields`, or a part of it. A text that becomes
 * another text is a change of its own, because only the empty one means that there is no mark.
 */
export function isMarkChange({ path, before, after }: FieldChange, markFields: readonly FieldPath[] = []): boolean {
  const field = markFields.find((one) => one.every((key, i) => path[i] === key));
  const isText = [before, after].every((value) => typeof value === 'string' && value !== '');
  return field !== undefined && !(isText && path.length === field.length);
}
