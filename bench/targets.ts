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
  ...[400, 1000].flatMap((size) => [
    withStart({ case: 'star', size, label: 'apply' }, 1.3),
    times({ case: 'star', size, label: 'apply' }, 'ip -batch', 0.5),
    times({ case: 'star', size, label: 'apply' }, 'mininet', 0.15),
  ]),
  times({ case: 'star', size: 1000, label: 'destroy' }, 'C', 1.3),
  times({ case: 'star', size: 1000, label: 'destroy' }, 'ip -batch', 1),
  times({ case: 'star', size: 1000, label: 'destroy' }, 'mininet', 0.1),
  seconds({ case: 'star', size: 1000, label: 'plan' }, 0.6),
  linear({ case: 'star', size: 5000, label: 'apply' }, 1000, 5.5),
  megabytes({ case: 'star', size: 1000, label: 'apply' }, 150),
  megabytes({ case: 'star', size: 5000, label: 'apply' }, 350),
  ...['add-a-namespace', 'remove-a-namespace', 'add-an-address', 'add-a-route', 'add-a-forward'].map((label) =>
    seconds({ case: 'change', size: 1000, label }, 0.9),
  ),
  seconds({ case: 'forwards', size: 10_000, label: 'apply' }, 1.5),
  seconds({ case: 'forwards', size: 10_000, label: 'one-more' }, 0.5),
  ofNode('version', 1.8),
  ofNode('plan', 2.8),
];

type Row = Target['row'];

function times(row: Row, other: string, most: number): Target {
  return {
    row,
    text: `≤ ${most} × ${other}`,
    used: share(row, (results) => scaled(figure(results, { ...row, contender: other }), most)),
  };
}

/** A program in C has no start to speak of. */
function withStart(row: Row, most: number): Target {
  const limit = (results: Results): number | null => {
    const bound = scaled(figure(results, { ...row, contender: 'C' }), most);
    const start = figure(results, { case: 'start', size: 3, label: 'version', contender: NETFORM });
    return bound === null || start === null ? null : bound + start;
  };
  return { row, text: `≤ ${most} × C + start`, used: share(row, limit) };
}

function seconds(row: Row, most: number): Target {
  return { row, text: `≤ ${most} s`, used: share(row, () => most * 1000) };
}

function linear(row: Row, size: number, most: number): Target {
  const limit = (results: Results): number | null =>
    scaled(figure(results, { ...row, size, contender: NETFORM }), most);
  return { row, text: `≤ ${most} × that of ${size.toLocaleString('en')}`, used: share(row, limit) };
}

function ofNode(label: string, most: number): Target {
  const row = { case: 'start', size: 3, label };
  const limit = (results: Results): number | null =>
    scaled(figure(results, { ...row, label: 'node', contender: NETFORM }), most);
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
