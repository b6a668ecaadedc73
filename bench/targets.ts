import { figure, type Key, type Results } from './results.ts';

/** What netform wants to reach, as a sum over the figures of one run of the bench. */
export type Target = {
  /** Whose row of the table it belongs to. */
  readonly row: Omit<Key, 'contender'>;
  readonly text: string;
  /** The share of the target that is used, at most 1 when it is met; null: something was not measured. */
  readonly used: (results: Results) => number | null;
};

const NETFORM = 'netform';

/** Those of the project. A target that turns out easy is tightened here. */
export const TARGETS: readonly Target[] = [
  withStart({ case: 'star', size: 10, label: 'apply' }, { most: 2, other: 'ip -batch', start: 'node' }),
  ofNode({ case: 'star', size: 10, label: 'plan' }, 2.5),
  ofNode({ case: 'star', size: 10, label: 'destroy' }, 3),
  withStart({ case: 'star', size: 1000, label: 'apply' }, { most: 2.2, other: 'C', start: 'version' }),
  times({ case: 'star', size: 1000, label: 'apply' }, 'ip -batch', 0.25),
  times({ case: 'star', size: 1000, label: 'apply' }, 'mininet', 0.15),
  withStart({ case: 'star', size: 1000, label: 'destroy' }, { most: 1.5, other: 'C', start: 'version' }),
  times({ case: 'star', size: 1000, label: 'destroy' }, 'ip -batch', 1.3),
  withStart({ case: 'star', size: 1000, label: 'plan' }, { most: 3, other: 'C', start: 'version' }),
  linear({ case: 'star', size: 5000, label: 'apply' }, 1000, 5.5),
  megabytes({ case: 'star', size: 1000, label: 'apply' }, 120),
  megabytes({ case: 'star', size: 5000, label: 'apply' }, 300),
  ...['add-a-namespace', 'remove-a-namespace', 'add-an-address', 'add-a-route', 'add-a-forward'].map((label) =>
    ofPlan({ case: 'change', size: 1000, label }, 1.25),
  ),
  seconds({ case: 'forwards', size: 10_000, label: 'apply' }, 1.2),
  seconds({ case: 'forwards', size: 10_000, label: 'one-more' }, 0.6),
  ofServiceRules({ size: 1000, label: 'apply' }, { loads: 3, lists: 3, plans: 0, text: '≤ 3 × (nft load + list)' }),
  ofServiceRules(
    { size: 1000, label: 'one-endpoint' },
    { loads: 0, lists: 1.5, plans: 1, text: '≤ plan + 1.5 × nft list' },
  ),
  processorSeconds({ case: 'reconcile', size: 100, label: 'idle' }, 0.5),
  megabytes({ case: 'reconcile', size: 100, label: 'idle' }, 90),
  processorSeconds({ case: 'reconcile', size: 100, label: 'ten-seconds-resident' }, 0.01),
  megabytes({ case: 'reconcile', size: 100, label: 'ten-seconds-resident' }, 60),
  seconds({ case: 'reconcile', size: 100, label: 'healed' }, 0.5),
  ofNode({ case: 'start', size: 3, label: 'version' }, 1.3),
  ofNode({ case: 'start', size: 3, label: 'validate' }, 2.2),
  ofNode({ case: 'start', size: 3, label: 'plan' }, 2.6),
];

type Row = Target['row'];

function times(row: Row, other: string, most: number): Target {
  return {
    row,
    text: `≤ ${most} × ${other}`,
    used: share(row, (results) => scaled(figure(results, { ...row, contender: other }), most)),
  };
}

type OtherWithStart = {
  readonly most: number;
  readonly other: string;
  /** The row of the case `start` that is added: the others have no start to speak of. */
  readonly start: 'node' | 'version';
};

function withStart(row: Row, { most, other, start }: OtherWithStart): Target {
  const limit = (results: Results): number | null => {
    const bound = scaled(figure(results, { ...row, contender: other }), most);
    const begun = figure(results, { case: 'start', size: 3, label: start, contender: NETFORM });
    return bound === null || begun === null ? null : bound + begun;
  };
  return { row, text: `≤ ${most} × ${other} + start`, used: share(row, limit) };
}

/** A change against the plan, with nothing to do, of a star of the same size. */
function ofPlan(row: Row, most: number): Target {
  const limit = (results: Results): number | null =>
    scaled(figure(results, { case: 'star', size: row.size, label: 'plan', contender: NETFORM }), most);
  return { row, text: `≤ ${most} × plan`, used: share(row, limit) };
}

/** So many times what nft takes for the same rules in that run, and what a plan takes. */
type ServiceLimit = {
  readonly loads: number;
  readonly lists: number;
  readonly plans: number;
  readonly text: string;
};

function ofServiceRules(
  { size, label }: Pick<Row, 'size' | 'label'>,
  { loads, lists, plans, text }: ServiceLimit,
): Target {
  const row: Row = { case: 'services', size, label };
  const took = (what: string, results: Results): number | null =>
    figure(results, { ...row, label: what, contender: NETFORM });
  const limit = (results: Results): number | null => {
    const [load, list, plan] = ['nft-load', 'nft-list', 'plan'].map((what) => took(what, results));
    if (load == null || list == null || plan == null) return null;
    return loads * load + lists * list + plans * plan;
  };
  return { row, text, used: share(row, limit) };
}

function seconds(row: Row, most: number): Target {
  return { row, text: `≤ ${most} s`, used: share(row, () => most * 1000) };
}

function processorSeconds(row: Row, most: number): Target {
  return {
    row,
    text: `≤ ${most} s of processor`,
    used: (results) => {
      const ms = figure(results, { ...row, contender: NETFORM }, 'cpuMs');
      return ms === null ? null : ms / (most * 1000);
    },
  };
}

function linear(row: Row, size: number, most: number): Target {
  const limit = (results: Results): number | null =>
    scaled(figure(results, { ...row, size, contender: NETFORM }), most);
  return { row, text: `≤ ${most} × that of ${size.toLocaleString('en')}`, used: share(row, limit) };
}

function ofNode(row: Row, most: number): Target {
  const limit = (results: Results): number | null =>
    scaled(figure(results, { case: 'start', size: 3, label: 'node', contender: NETFORM }), most);
  return { row, text: `≤ ${most} × node`, used: share(row, limit) };
}

function megabytes(row: Row, most: number): Target {
  return {
    row,
    text: `≤ ${most} MB`,
    used: (results) => {
      const kib = figure(results, { ...row, contender: NETFORM }, 'peakKib');
      return kib === null ? null : (kib * 1024) / (most * 1e6);
    },
  };
}

function share(row: Row, limit: (results: Results) => number | null): Target['used'] {
  return (results) => {
    const own = figure(results, { ...row, contender: NETFORM });
    const most = limit(results);
    return own === null || most === null ? null : own / most;
  };
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
