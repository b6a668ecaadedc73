import type { LabSyncState, ReconcileState } from '../../src/model/results/reconcile-state.ts';
import { type Draft, LABS, type LabName, type LabVerdict } from './history.ts';

/** What must be remembered, and be on the machine, when all that happened to a commit is over. */
export type Expectation = {
  /** The newest commit that was not refused as a whole, and its labs. */
  readonly tip: { readonly commit: string; readonly labs: Draft['labs'] } | null;
  /** Of each lab the commit that it is applied from, its text, and how it stands. */
  readonly labs: { readonly [lab in LabName]: LabExpectation };
  /** Why the newest commit is refused as a whole. */
  readonly refusal: { readonly commit: string; readonly reason: string } | null;
};

type LabExpectation = {
  readonly good: { readonly commit: string; readonly text: string } | null;
  readonly status: StatusWord | null;
};

/** State and reason. */
type StatusWord = readonly [LabSyncState, string | null];

const NOTHING: LabExpectation = { good: null, status: null };
/** Before the first commit. */
export const NO_HISTORY: Expectation = { tip: null, labs: { alpha: NOTHING, beta: NOTHING }, refusal: null };

const REFUSALS = { unsigned: 'unsigned', stranger: 'unsigned', rewritten: 'rewritten', emptied: 'emptied' } as const;

/** What is expected after one commit more. */
export function expectAfter(former: Expectation, { verdict, labs }: Draft, commit: string): Expectation {
  if (verdict !== 'plain') return { ...former, refusal: { commit, reason: REFUSALS[verdict] } };
  const isUnread = LABS.some((lab) => labs[lab].verdict === 'unreadable' && former.labs[lab].good === null);
  const after = (lab: LabName): LabExpectation => {
    const { text, verdict: own } = labs[lab];
    const { good } = former.labs[lab];
    if (own === 'good' && text !== null) return { good: { commit, text }, status: ['synced', null] };
    if (own === 'left') {
      // The probe inside alpha is not asked when alpha goes.
      return good !== null && isUnread ? { good, status: ['held', 'unread'] } : NOTHING;
    }
    return own === 'unreadable' && good === null ? NOTHING : { good, status: STATUS[own] ?? null };
  };
  return { tip: { commit, labs }, labs: { alpha: after('alpha'), beta: after('beta') }, refusal: null };
}

const STATUS: { readonly [verdict in LabVerdict]?: StatusWord } = {
  broken: ['refused', 'invalid'],
  unreadable: ['refused', 'invalid'],
  emptied: ['refused', 'emptied'],
  failing: ['failed', 'probe'],
  held: ['held', 'adopt'],
};

/** Where a state is not what is expected; empty: it is. Synced or healed is the same here. */
export function differences(expected: Expectation, state: ReconcileState): readonly string[] {
  const { refusal, unreachable, stopped } = state;
  const found = [
    ...unlike('refusal', refusal && `${refusal.commit} ${refusal.reason}`, wordOf(expected)),
    ...unlike('unreachable', unreachable?.problem ?? null, null),
    ...unlike('stopped', stopped?.problem ?? null, null),
  ];
  for (const lab of LABS) {
    const record = state.labs[lab];
    const { good, status } = expected.labs[lab];
    const now = record?.status;
    const told = now ? [now.state === 'healed' ? 'synced' : now.state, now.reason].join(' ') : null;
    found.push(
      ...unlike(`${lab}: applied from`, record?.good?.commit ?? null, good?.commit ?? null),
      ...unlike(`${lab}: status (${now?.problem})`, told, status?.join(' ') ?? null),
      ...unlike(`${lab}: a run that was begun`, record?.attempt?.commit ?? null, null),
    );
    const isUnexplained = now && now.state !== 'synced' && now.state !== 'healed' && !now.problem;
    if (isUnexplained) found.push(`${lab}: ${now.state} without a reason`);
  }
  return found;
}

const wordOf = ({ refusal }: Expectation): string | null => refusal && `${refusal.commit} ${refusal.reason}`;

const unlike = (what: string, found: string | null, wanted: string | null): readonly string[] =>
  found === wanted ? [] : [`${what}: ${found}, and not ${wanted}`];

/** The exit code of a run after which all is as expected: of a refusal, of what is held, of what failed, of nothing. */
export function expectedExit({ tip, labs, refusal }: Expectation): number {
  const isUnread =
    tip !== null && LABS.some((lab) => tip.labs[lab].verdict === 'unreadable' && labs[lab].good === null);
  const states = LABS.map((lab) => labs[lab].status?.[0]);
  if (refusal !== null || isUnread || states.includes('refused')) return 3;
  if (states.includes('held')) return 10;
  return states.includes('failed') ? 75 : 0;
}
