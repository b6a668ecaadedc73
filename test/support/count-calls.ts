import { type Profiler, Session } from 'node:inspector';

/**
 * How many calls of functions some work takes, those of npm packages included. V8 counts them, so that the number is the
 * same on every machine. A search of an array by a built-in function counts as the length of the array.
 */
export async function countCalls(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const arrays = countElements();
  try {
    await work();
  } finally {
    arrays.stop();
  }
  let calls = 0;
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) throw error;
    calls = callsIn(result);
  });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return calls + arrays.elements();
}

/**
 * By what factor the calls for each thing grow from `few` things to `many`: 1 when the work is in proportion, `many / few`
 * when each thing is compared with each. `prepare` gives the work for so many things; what is done once for all is not counted.
 */
export async function growthOfCalls(
  prepare: (count: number) => () => unknown,
  { few, many }: { readonly few: number; readonly many: number },
): Promise<number> {
  await prepare(few)();
  const callsEach = async (count: number): Promise<number> => (await countCalls(prepare(count))) / count;
  return (await callsEach(many)) / (await callsEach(few));
}

/** Those of Node itself do not count: they differ from version to version. */
const callsIn = (scripts: readonly Profiler.ScriptCoverage[]): number =>
  scripts
    .filter(({ url }) => !url.startsWith('node:'))
    .flatMap(({ functions }) => functions)
    .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);

type ElementCount = { readonly elements: () => number; readonly stop: () => void };

const SEARCHES = ['includes', 'indexOf', 'lastIndexOf'] as const;

/** Counts the elements that built-in functions of arrays go through, until it is stopped. */
function countElements(): ElementCount {
  let elements = 0;
  const originals = SEARCHES.map((name) => [name, Object.getOwnPropertyDescriptor(Array.prototype, name)] as const);
  for (const [name, original] of originals) {
    const search: (...args: unknown[]) => unknown = original?.value;
    const counted = function (this: readonly unknown[], ...args: unknown[]): unknown {
      elements += this.length;
      return search.apply(this, args);
    };
    Object.defineProperty(Array.prototype, name, { ...original, value: counted });
  }
  return {
    elements: () => elements,
    stop: () => {
      for (const [name, original] of originals) {
        if (original) Object.defineProperty(Array.prototype, name, original);
      }
    },
  };
}
