import type { Path } from './diagnostics/source-location.ts';
import type { Spec } from './json.ts';
import type { FieldPath } from './operation.ts';

/** One desired object, as a value. Two resources of the same id are two states of the same object. */
export type Resource<S extends Spec = Spec> = {
  readonly kind: string;
  /** What a person would say: `veth:red/eth0`, `route:red/main/default`. */
  readonly id: string;
  /** `host` or a namespace: where it is shown. */
  readonly netns: string;
  readonly spec: S;
  /** Ids that must exist before it, and go after it. */
  readonly dependsOn: readonly string[];
  /** Ids of its containers: when all of them are deleted, the kernel deletes it too. Also counted as dependsOn. */
  readonly within: readonly string[];
  /** Ids with which it is made again when they are replaced, although the kernel does not delete it with them. Left out: none. */
  readonly remadeWith?: readonly string[];
  /** The id of the resource that it exists for: where that one stays as another program set it, this one is not wanted. */
  readonly onlyFor?: string;
  /** Paths of the fields that the topology does not specify: an adopted object keeps its values of them. */
  readonly unspecified?: readonly FieldPath[];
  /** Paths of fields that are specified only for another resource, by its id: where that one stays as another program set it, they are unspecified too. */
  readonly unspecifiedUnless?: { readonly [id: string]: readonly FieldPath[] };
  /** Specs of others of the lab among which its place has a meaning. Left out: none. */
  readonly siblings?: readonly S[];
  /** Bytes that its spec knows by their digests, one character for each: never written down with it. */
  readonly blobs?: readonly string[];
  /** Texts in its spec that follow from keys that were made here, where other keys would do as well. Left out: none. */
  readonly made?: readonly string[];
  readonly origin: Path | null;
  /** The reason for it when it is not in the file: `for nat`, `default route of v-net-0`. Null otherwise. */
  readonly note: string | null;
};

/** What the machine has under an id, and who owns it. */
export type Observation<S extends Spec = Spec> = {
  /** Null: not there. */
  readonly spec: S | null;
  /** `ours`: our mark is on it. `foreign`: it has none, or another's. `shared`: things that have no owner (a sysctl). */
  readonly owner: 'ours' | 'foreign' | 'shared';
  /** Of a foreign one: who seems to own it, as a phrase: `made by docker`, `lab other`, `no mark of netform's`. */
  readonly whose: string | null;
  /** Of a foreign one that cannot be adopted: what to do instead. */
  readonly remedy?: string;
  /** Of a shared one that is about to change: what uses it already as it is, in words. */
  readonly priorUses?: readonly string[];
  /** Bytes that the spec knows by their digests, one character for each. */
  readonly blobs?: readonly string[];
  /** Of one whose kind can tell by it that nothing has changed since: a text that is another one then. */
  readonly revision?: string;
  /** Of a foreign one that was once the lab's own: orphaned, so it has no former state to restore. */
  readonly isOrphaned?: true;
};
