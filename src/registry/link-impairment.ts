import { egressRules, egressTable } from '../features/impair/egress-script.ts';
import { qdisc, qdiscId } from '../features/impair/kind.ts';
import { type ImpairSpec, PLAIN_SPEC } from '../features/impair/spec.ts';
import { netnsIds } from '../model/ids.ts';
import type { Instruction } from '../model/instruction.ts';
import { sameJson } from '../model/json.ts';
import type { Impairment } from '../model/kernel/impairment.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Operation } from '../model/operation.ts';
import type { Observation } from '../model/resource.ts';
import { impairmentOf } from '../net/impairment.ts';

/** A link of a lab whose impairment is changed by hand. */
export type ImpairedLink = {
  readonly lab: string;
  readonly uid: string;
  readonly netns: string;
  readonly dev: string;
  /** What the state of the lab says of its impairment; null: nothing. */
  readonly recorded: StateEntry | null;
};

/** What has to be read to change the impairment of a link. */
export const linkImpairmentQuery = ({ lab, netns, dev }: Pick<ImpairedLink, 'lab' | 'netns' | 'dev'>): Query => [
  { need: 'queues', netns },
  { need: 'egress-table', netns, key: egressTable(lab, dev) },
  { need: 'queue-kind', key: 'netem' },
];

/** The impairment of a link as it is. */
export function linkImpairment(
  live: LiveState,
  link: ImpairedLink,
): { readonly found: Observation; readonly impairment: Impairment } {
  const found = qdisc.observe(live, resourceOf(link), contextOf(link));
  return { found, impairment: impairmentOf(found.spec ?? {}) };
}

/** The rounds of instructions that give a link another impairment; null: the one that the state says. */
export function changeLinkImpairment(
  live: LiveState,
  link: ImpairedLink,
  wanted: Impairment | null,
): readonly (readonly Instruction[])[] {
  const before = linkImpairment(live, link).found.spec;
  const after = wanted === null ? (link.recorded?.spec ?? plainSpec(link)) : specOf(live, link, wanted);
  if (sameJson(before, after)) return [];
  const { netns } = link;
  const operation: Operation = {
    ...{ kind: qdisc.name, id: qdiscId(netns, link.dev), netns, before, after, changes: [], cause: 'drift' },
    ...{ takenBy: null, dependsOn: [], within: [], origin: null, note: null },
    action: before === null ? 'create' : 'update',
  };
  return qdisc.instructions(operation, 'make', contextOf(link));
}

/** What the state says of a link that the file does not impair, so that what is done by hand is found. */
export const plainImpairmentEntry = (link: ImpairedLink, dependsOn: readonly string[]): StateEntry => ({
  ...resourceOf(link),
  dependsOn: [...netnsIds(link.netns), ...dependsOn],
  before: null,
});

/** The id of the impairment of a link: `qdisc:red/eth0`. */
export const linkImpairmentId = ({ netns, dev }: Pick<ImpairedLink, 'netns' | 'dev'>): string => qdiscId(netns, dev);

/** Whether the state says that the link is not impaired. */
export const isPlainImpairment = ({ spec }: StateEntry): boolean => spec['by'] === PLAIN_SPEC.by;

const plainSpec = ({ netns, dev }: ImpairedLink): ImpairSpec => ({ ...PLAIN_SPEC, netns, dev });

function specOf(live: LiveState, { lab, netns, dev }: ImpairedLink, impairment: Impairment): ImpairSpec {
  const by = live.get({ need: 'queue-kind', key: 'netem' }) === false ? 'parts' : 'netem';
  const hasTable = by === 'parts' && egressRules(dev, impairment).length > 0;
  return { netns, dev, by, table: hasTable ? egressTable(lab, dev) : null, ...impairment, altered: null };
}

const resourceOf = (link: ImpairedLink) => ({
  ...{ kind: qdisc.name, id: qdiscId(link.netns, link.dev), netns: link.netns, spec: plainSpec(link) },
  ...{ dependsOn: netnsIds(link.netns), within: netnsIds(link.netns), origin: null, note: null },
});

const contextOf = ({ lab, uid, recorded }: ImpairedLink) => ({ lab, uid, recorded, interrupted: false });
