import type { ExclusiveClaim } from './diagnostics/exclusive-claim.ts';
import type { Instruction } from './instruction.ts';
import type { Spec } from './json.ts';
import type { FdbLive, NeighbourLive, NetnsLive } from './kernel/live-state.ts';
import type { LiveState, Query } from './kernel/need.ts';
import type { Lab } from './lab.ts';
import type { Disruption, FieldPath, Operation, PlanLine } from './operation.ts';
import type { Observation, Resource } from './resource.ts';

/** Everything netform knows about one kind of thing. Data and pure functions: it never touches the machine. */
export type Kind<S extends Spec = Spec> = {
  readonly name: string;
  /** The lab's resources of this kind. */
  readonly compile: (lab: Lab) => readonly Resource<S>[];
  /** What has to be read to find this resource, and what is recorded of it. */
  readonly query: (resource: Resource<S>, context: KindContext<S>) => Query;
  /**
   * What is there under this id. `resource` says what is looked for; `recorded` is what the state says that we made
   * (null: nothing), so that only our part of a shared thing (the addresses of a NIC) is reported.
   */
  readonly observe: (live: LiveState, resource: Resource<S>, context: KindContext<S>) => Observation<S>;
  /** Fields that cannot be changed in place. */
  readonly immutable: readonly (keyof S & string)[];
  /** Further fields that cannot be changed in place from the first state to the second; left out: none. */
  readonly fixedBetween?: (before: S, after: S) => readonly string[];
  /** Whether a change in place takes a thing out of what it depends on, so that it comes before deletions. Left out: none does. */
  readonly leavesFirst?: (before: S, after: S) => boolean;
  /** Fields that only say whose a thing is: a label, what was there before. A change of these is not shown. Left out: none. */
  readonly markFields?: readonly FieldPath[];
  /**
   * The instructions of an operation, in rounds: those of one round do not depend on each other. Of a replace, only the
   * half that `phase` asks for.
   */
  readonly instructions: (
    operation: Operation<S>,
    phase: 'delete' | 'make',
    context: KindContext<S>,
  ) => readonly (readonly Instruction[])[];
  /**
   * The instructions of an operation that creates or changes, for after those of all other operations. Left out: none.
   * Ports of bridges are set up so: each carrier costs the kernel work, with the lock of all networks held.
   */
  readonly lastInstructions?: (operation: Operation<S>, context: KindContext<S>) => readonly Instruction[];
  /** What is there before `lastInstructions`, and is verified first, of a spec that is to be there after them. Left out: the same. */
  readonly beforeLast?: (spec: S, resource: Pick<Resource, 'dependsOn'>) => S;
  /**
   * It may use the network as it is made: it comes after the `lastInstructions` of all, unless a resource of another kind
   * depends on it. Left out: it does not.
   */
  readonly usesNetwork?: true;
  readonly describe: (operation: Operation<S>) => readonly PlanLine[];
  /** What it is doing now, for `show`: instead of the text of its line. Null, or left out: nothing. */
  readonly status?: (
    live: LiveState,
    resource: Pick<Resource<S>, 'netns' | 'spec'>,
    context: KindContext<S>,
  ) => string | null;
  /** What the operation does to traffic that works before it. */
  readonly disrupts: (operation: Operation<S>) => Disruption;
  /** Whether something passes afterwards that it was there to keep out. Left out: it keeps nothing out. */
  readonly opens?: (operation: Operation<S>) => boolean;
  /**
   * The state to restore when the lab gives it up, from what was there before netform (recorded in the state), what is
   * there now, and the machine. Null: nothing. An adopted object gets its former state back; sysctls outlive a lab.
   */
  readonly restoreTo: (recorded: StateEntry<S>, live: S | null, machine: LiveState) => S | null;
  /** Why `restoreTo` leaves in place what the lab made, for the user; null, or left out: it does not. */
  readonly keepReason?: (recorded: StateEntry<S>, live: S, machine: LiveState) => string | null;
  /** A change of it cannot change other resources, not even in its namespace: it is a file. Left out: it can. */
  readonly isSelfContained?: true;
  /** The names that it claims, `netns/name`. Two resources of any kinds cannot claim the same name. Left out: none. */
  readonly claims?: (spec: S) => readonly string[];
  /** Whether a program or a plugin makes what it claims, and sets it up as it likes. Left out: netform does. */
  readonly isSetUpByOthers?: (spec: S) => boolean;
  /** What only one lab of a machine can have of it, by its spec and its namespace. Left out: nothing. */
  readonly exclusive?: (spec: S, netns: string) => readonly ExclusiveClaim[];
  /** How an object of ours gets the mark of a context, when its lab is renamed. Left out: its mark names no lab. */
  readonly remark?: (spec: S, context: KindContext<S>) => MarkInstructions;
  /** The id and the spec of a resource in a lab of that name. Left out: they do not depend on the name. */
  readonly relabel?: (entry: StateEntry<S>, lab: string) => Pick<StateEntry<S>, 'id' | 'spec'>;
  /** What of it has the name of the lab in it and cannot get another while it is there, in words. Left out: nothing. */
  readonly boundToLabName?: string;
  /** The desired spec with what only the machine knows of it. Left out: it is whole. */
  readonly complete?: (wanted: S, live: LiveState) => S;
  /** Whether a thing can be made as the spec says: false of what was found in pieces. Left out: always. */
  readonly isCreatable?: (spec: S) => boolean;
  /** What two descriptions of one thing say together, the first before the second; left out: what the first says. */
  readonly merge?: (one: S, other: S) => S;
  /** The spec to apply where the found values may stay as another program set them; left out: the desired spec. */
  readonly deferTo?: (wanted: S, found: S) => S;
  /** What there is of this sort in a namespace of ours that is not of the lab, without what the kernel makes by itself. */
  readonly findUnmanaged?: (place: ManagedNetns) => readonly UnmanagedObject[];
  /** Unmanaged objects outside the lab's namespaces that use its resources, such as the ports of its bridges. */
  readonly findAttached?: (place: SharedNetns) => readonly UnmanagedObject[];
  /** What has to be read to find these, beyond `query`. Left out: nothing. */
  readonly unmanagedQuery?: (resource: Resource<S>) => Query;
  /** What an adopted object has of what the topology does not specify, by `netns/name` of what it claims. Left out: nothing is to be said of it. */
  readonly keptSettings?: (resource: Resource<S>) => ReadonlyMap<string, Spec>;
  /** What the lab's own objects in a namespace have that the language lacks, or that the topology leaves as it is. */
  readonly findSettings?: (place: LabNames) => readonly UnmanagedObject[];
};

/** `set` changes the mark of what is there, `copy` makes a second object with the mark, `drop` deletes the one with the mark. */
export type MarkInstructions = {
  readonly set?: readonly Instruction[];
  readonly copy?: readonly Instruction[];
  readonly drop?: readonly Instruction[];
};

/** One namespace, with the names in it that resources of the goal claim, of those that are there. */
export type LabNames = {
  readonly netns: string;
  readonly there: NetnsLive;
  readonly names: ReadonlySet<string>;
  /** What resources claim that the lab has and the goal has not, `netns/name`. */
  readonly leaving: ReadonlySet<string>;
  /** What the topology leaves as it is, by name. */
  readonly kept: ReadonlyMap<string, Spec>;
};

/** One namespace that is not the lab's, with the names in it that resources of the lab claim; true: the goal keeps them. */
export type SharedNetns = {
  readonly netns: string;
  readonly there: NetnsLive;
  readonly claims: ReadonlyMap<string, boolean>;
  /** Empty where the lab has nothing that keeps such entries. */
  readonly forwardingEntries: readonly FdbLive[];
};

/** One namespace of ours with everything in it that is of the lab, now or soon; cables that lead into it too. */
export type ManagedNetns = {
  readonly netns: string;
  readonly there: NetnsLive;
  readonly neighbours: readonly NeighbourLive[];
  /** Empty where the lab has nothing that keeps such entries. */
  readonly forwardingEntries: readonly FdbLive[];
  readonly known: readonly Pick<Resource, 'id' | 'kind' | 'netns' | 'spec'>[];
  /** `inet filter`. */
  readonly tables: readonly string[];
};

/**
 * How an unmanaged object has to do with the lab. `leaving`: it is deleted with its namespace. `attached`: it uses an object
 * of the lab, and is never pruned. `running`: a process in a namespace that loses its name. `setting`: it is what an object of
 * the lab has that the language lacks.
 */
export type UnmanagedRole = 'leaving' | 'attached' | 'running' | 'setting';

/** A plan line about an unmanaged object. Without a role it is in a namespace of the lab, and stays or is pruned. */
export type UnmanagedLine = Omit<PlanLine, 'sign'> & { readonly role?: UnmanagedRole };

/** An unmanaged object. */
export type UnmanagedObject = UnmanagedLine & {
  /** The instruction that prunes it; null: it is never pruned. */
  readonly remove: Instruction | null;
  /** The kernel deletes other objects with it, such as the addresses of a link: it is deleted after them. */
  readonly isContainer?: true;
};

export type KindContext<S extends Spec = Spec> = {
  readonly lab: string;
  readonly uid: string;
  readonly recorded: StateEntry<S> | null;
  /**
   * A run that meant to change this was interrupted: what carries only the first part of the mark (a link's group and
   * exactly its MAC, the empty file of a namespace that is not there yet) is then ours.
   */
  readonly interrupted: boolean;
  /** What is not ours becomes ours in this run. */
  readonly adopting?: true;
  /** The bytes of a digest, one character for each; null: they are not known. Left out: none are. */
  readonly bytesOf?: (sha: string) => string | null;
  /** The goal no longer has it, so that `restoreTo` decides what becomes of it. */
  readonly releasing?: true;
};

/** A resource in the recorded state. */
export type StateEntry<S extends Spec = Spec> = {
  readonly kind: string;
  readonly id: string;
  readonly netns: string;
  readonly spec: S;
  readonly dependsOn: readonly string[];
  readonly within: readonly string[];
  /** What was there before netform came; null: nothing. */
  readonly before: S | null;
  /** What used it already, with the value of `before`: it does not rely on the lab's value. Left out: nothing. */
  readonly priorUses?: readonly string[];
  /** The revision of what was found when it was as `spec` says. Left out: its kind has none, or it was not known. */
  readonly revision?: string;
};

/** The mark that every object of ours carries: `netform:v1:<lab>:<uid>`. */
export const markOf = (context: { readonly lab: string; readonly uid: string }): string =>
  `netform:v1:${context.lab}:${context.uid}`;

/** The lab whose mark an alias is; null: it is none. */
export const labOfMark = (alias: string | null): string | null =>
  /^netform:v1:([^:\s]+):/.exec(alias ?? '')?.[1] ?? null;
