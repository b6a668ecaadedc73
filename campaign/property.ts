/** Something that must hold of every run, with a seed for each. It runs inside a throwaway machine. */
export type Property = {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly unit: 'runs' | 'inputs' | 'labs' | 'rounds' | 'replaces' | 'seconds';
  readonly inTest: number;
  readonly inCampaign: number;
  /** How many runs one machine is used for; a multiple of 32, or 1: what is beside the lab depends on it. */
  readonly perMachine: number;
  /** Runs `count` seeds from `seed` on, and reports each. */
  readonly run: (seed: number, count: number, report: Report) => Promise<void>;
};

export type Report = {
  /** The run of that seed held; `points` is how many places it looked at (faults, packets, inputs). */
  readonly held: (seed: number, points?: number) => void;
  /** It did not. The machine cannot be used for another run. */
  readonly failed: (seed: number, why: string) => void;
};

/** A property's run, seed by seed: what `body` throws is a failure, the number that it gives is its points. */
export const eachSeed =
  (body: (seed: number) => Promise<number>): Property['run'] =>
  async (seed, count, report) => {
    for (let at = seed; at < seed + count; at++) {
      try {
        report.held(at, await body(at));
      } catch (error) {
        report.failed(at, failureText(error));
        return;
      }
    }
  };

/** What was thrown, with everything that it carries, as text. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { details, code } = { details: [], code: '', ...error };
  const more = Array.isArray(details) ? details.map((line) => `\n  ${line}`).join('') : '';
  return `${code === '' ? '' : `[${code}] `}${error.stack ?? error.message}${more}`;
}

/** Throws, with both texts' first differing lines, unless they are the same. */
export function mustEqual(found: string, wanted: string, what: string): void {
  if (found === wanted) return;
  const [a, b] = [found.split('\n'), wanted.split('\n')];
  const lost = b.filter((line) => !a.includes(line)).map((line) => `  - ${line}`);
  const added = a.filter((line) => !b.includes(line)).map((line) => `  + ${line}`);
  const lines = [...lost, ...added].slice(0, 12).map((line) => line.slice(0, 600));
  const first = a.findIndex((line, i) => line !== b[i]);
  const order = `  (the same lines in another order, from line ${first + 1} on)\n  - ${b[first]}\n  + ${a[first]}`;
  throw new Error(`${what}:\n${lines.join('\n') || order}`);
}

/** Throws unless it holds. */
export function must(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
