import type { Path } from './diagnostics/source-location.ts';
import type { Spec } from './json.ts';

/** One thing that shall exist, as a value. Two of the same id are the same thing in another state. */
export type Resource<S extends Spec = Spec> = {
  readonly kind: string;
  /** What a person would say: `veth:red/eth0`, `route:red/main/default`. */
  readonly id: string;
  /** `host` or a namespace: where it is shown. */
  readonly netns: string;
  readonly spec: S;
  /** Ids that must exist before it, and go after it. */
  readonly dependsOn: readonly string[];
  /** Ids that it vanishes with: when all of them go, the kernel removes it by itself. Also counted as dependsOn. */
  readonly within: readonly string[];
  /** What it is there for, by id: where that is left to somebody else's doing, this is not wanted. */
  readonly serves?: string;
  /** Fields of the spec that nobody has decided: of what is taken over they stay as they are. */
  readonly open?: readonly (readonly string[])[];
  /** Fields that serve another resource, by its id: where that is left to somebody else's doing, they are open too. */
  readonly openWith?: { readonly [id: string]: readonly (readonly string[])[] };
  readonly origin: Path | null;
  /** Why it is there when nobody wrote it: `for nat`, `default route of v-net-0`. Null otherwise. */
  readonly note: string | null;
};

/** What is found under an id. */
export type Observation<S extends Spec = Spec> = {
  /** Null: not there. */
  readonly spec: S | null;
  /** `ours`: our mark is on it. `foreign`: it has none, or another's. `shared`: things that have no owner (a sysctl). */
  readonly owner: 'ours' | 'foreign' | 'shared';
  /** Of a foreign one: whose it seems to be, as half a sentence: `made by docker`, `lab other`, `no mark of netform's`. */
  readonly whose: string | null;
  /** Of a foreign one that cannot be taken over: what to do instead. */
  readonly remedy?: string;
  /** Of a foreign one that once was the lab's own: nobody else will get it back. */
  readonly isOrphaned?: true;
};
