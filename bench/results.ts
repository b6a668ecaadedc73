/** One measurement: of a whole process, or until the kernel is done where the clock was told to wait for that. */
export type Sample = { readonly label: string; readonly ms: number; readonly cpuMs: number; readonly peakKib: number };

/** All measurements of one thing by one contender. */
export type Cell = {
  readonly case: string;
  readonly size: number;
  readonly label: string;
  readonly contender: string;
  readonly samples: readonly Sample[];
};

/** Why a contender has no (or not all) results in a case. */
export type Absence = {
  readonly case: string;
  readonly size: number;
  readonly contender: string;
  readonly reason: string;
};

export type Results = { readonly cells: readonly Cell[]; readonly absences: readonly Absence[] };

/** The lines that `clock.c` and `star_in_mininet.py` write; what a command ended with is the script's matter. */
export const readSamples = (text: string): readonly Sample[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [label = '', ms, cpuMs, peakKib] = line.split(' ');
      return { label, ms: Number(ms), cpuMs: Number(cpuMs), peakKib: Number(peakKib) };
    });

/** The middle of the values; of two in the middle, their mean. NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[half]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Adds what one run measured to what the runs before it did. */
export function collect(results: Results, where: Omit<Cell, 'samples' | 'label'>, samples: readonly Sample[]): Results {
  const cells = [...results.cells];
  for (const sample of samples) {
    const at = cells.findIndex((cell) => isSame(cell, { ...where, label: sample.label }));
    const cell = cells[at];
    if (cell) cells[at] = { ...cell, samples: [...cell.samples, sample] };
    else cells.push({ ...where, label: sample.label, samples: [sample] });
  }
  return { ...results, cells };
}

export type Key = Omit<Cell, 'samples'>;

/** A median over the runs: milliseconds, or the peak in KiB; null when it was not measured. */
export function figure({ cells }: Results, key: Key, what: 'ms' | 'cpuMs' | 'peakKib' = 'ms'): number | null {
  const cell = cells.find((one) => isSame(one, key));
  return cell ? median(cell.samples.map((sample) => sample[what])) : null;
}

const isSame = (a: Key, b: Key): boolean =>
  a.case === b.case && a.size === b.size && a.label === b.label && a.contender === b.contender;
