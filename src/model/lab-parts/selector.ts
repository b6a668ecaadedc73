import type { Path } from '../diagnostics/source-location.ts';

/** What is written to group namespaces: labels, and the project, which is what Kubernetes calls a namespace. */
export type TopologyLabels = {
  readonly labels: Labels;
  /** Null: not written, which is the project `default`. */
  readonly project: { readonly value: string; readonly at: Path } | null;
};

/** Names with texts: `app: db`. */
export type Labels = { readonly [label: string]: string };

/** An entry under `projects`: a project with labels of its own. */
export type TopologyProject = { readonly name: string; readonly at: Path; readonly labels: Labels };

/** The project of what writes none. */
export const DEFAULT_PROJECT = 'default';

/** The words that stand for several in a list of namespaces: every namespace of the lab, and what is not of the lab. */
export const GROUP_WORDS = { any: 'any', outside: 'outside' } as const;

/** `{ app: db, project: prod }`: the namespaces with labels for which every condition holds. */
export type TopologySelector = {
  readonly labels: readonly LabelCondition[];
  /** Null: not written. `any`: every project. */
  readonly project:
    | 'any'
    | { readonly named: readonly string[] }
    | { readonly labels: readonly LabelCondition[] }
    | null;
};

/** A condition on one label. `notIn` holds without the label, too. */
export type LabelCondition = { readonly label: string } & (
  | { readonly in: readonly string[] }
  | { readonly notIn: readonly string[] }
  | { readonly exists: boolean }
);
