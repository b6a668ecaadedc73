import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../test/support/machine.ts';
import { buildIn, checkout, compileHelpers } from './build.ts';
import { CASES, type Scenario, type Stage } from './cases.ts';
import { netform } from './contenders.ts';
import { endMachines, runInMachine, waitForCleanup } from './machine.ts';
import { absenceText, type BenchEnvironment, notes, section, table, targetTable, withSection } from './report.ts';
import { type Absence, collect, type Results } from './results.ts';

const HELP = `npm run bench -- [--runs 5] [--only CASE]… [--sizes N,N] [--who NAME]… [--quick] [--json] [--compare COMMIT]

  --runs N          how often each contender is measured, after one run that does not count; the slow ones less often
  --only CASE       ${CASES.map(({ name }) => name).join(', ')}; can be given several times
  --sizes N,N       only these sizes
  --who NAME        only this contender, as the table calls it; can be given several times
  --quick           one run of small sizes, to see that everything works
  --json            one JSON document with every measurement on standard output
  --compare COMMIT  this checkout and another commit in turn, without the others

A whole bench, without --only, --sizes, --who, --quick or --compare, writes its table to docs/performance.md.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    only: { type: 'string', multiple: true },
    sizes: { type: 'string' },
    who: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    compare: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/** Where there are fewer runs, none of them is only to warm up. */
const FEW = 3;
const runs = Number(values.runs ?? (values.quick ? 1 : 5));
const sizes = values.sizes?.split(',').map(Number) ?? null;
const cases = CASES.filter(({ name }) => !values.only || values.only.includes(name));
if (!(runs >= 1) || sizes?.some(Number.isNaN) || cases.length === 0) {
  process.stderr.write(HELP);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'netform-bench-'));
let isEnding = false;
let base: { readonly root: string; readonly remove: () => void } | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    isEnding = true;
    endMachines();
  });

try {
  const about = describeEnvironment();
  buildIn(repository);
  compileHelpers(folder);
  if (values.compare) base = checkout(values.compare, join(folder, 'base'));
  const results = await measureAll({
    folder,
    netforms: [
      { name: 'netform', root: repository },
      ...(base ? [{ name: values.compare ?? '', root: base.root }] : []),
    ].map(({ name, root }) => ({ contender: netform(name, root), root })),
    others: base === null,
  });
  if (isEnding) process.exitCode = 130;
  else show(about, results);
} finally {
  endMachines();
  base?.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function measureAll(stage: Stage): Promise<Results> {
  let results: Results = { cells: [], absences: [] };
  for (const { name, sizes: all, quickSizes, mostRuns, scenarios } of cases) {
    for (const size of (values.quick ? quickSizes : all).filter((one) => sizes === null || sizes.includes(one))) {
      if (isEnding) return results;
      try {
        const where = { case: name, size, runs: Math.min(runs, mostRuns?.[size] ?? runs) };
        const all = await scenarios(size, stage);
        results = await measure(results, where, values.who ? all.filter(isChosen) : all);
      } catch (error) {
        results = addAbsence(results, { case: name, size, contender: 'all', reason: String(error) });
      }
    }
  }
  return results;
}

/** In turn, each in a machine of its own: whatever this machine does meanwhile, it does to all of them. */
async function measure(
  before: Results,
  { runs: wanted, ...where }: MeasurementKey,
  scenarios: readonly Scenario[],
): Promise<Results> {
  let results = before;
  const failed = new Set<Scenario>();
  for (const scenario of scenarios) {
    if (scenario.script !== null) continue;
    results = addAbsence(results, { ...where, contender: scenario.contender.name, reason: scenario.reason });
  }
  for (let round = wanted < FEW ? 1 : 0; round <= wanted; round++) {
    for (const scenario of scenarios) {
      const { contender, script } = scenario;
      const own = contender.runs(where.size, wanted);
      const isDue = round === 0 ? own === wanted : round <= own;
      if (script === null || !isDue || failed.has(scenario) || isEnding) continue;
      showProgress(`${where.case} ${where.size}, run ${round} of ${wanted}: ${contender.name}`);
      const { samples, failure } = await runInMachine(script, folder);
      await waitForCleanup();
      if (isEnding) return results;
      if (failure === null) {
        if (round > 0) results = collect(results, { ...where, contender: contender.name }, samples);
        continue;
      }
      failed.add(scenario);
      results = addAbsence(results, { ...where, contender: contender.name, reason: `failed: ${failure}` });
    }
  }
  return results;
}

function isChosen({ contender }: Scenario): boolean {
  return values.who?.includes(contender.name) ?? true;
}

type MeasurementKey = { readonly case: string; readonly size: number; readonly runs: number };

function addAbsence(results: Results, absence: Absence): Results {
  process.stderr.write(`\r\x1b[K${absenceText(absence)}\n`);
  return { ...results, absences: [...results.absences, absence] };
}

function show(about: BenchEnvironment, results: Results): void {
  showProgress('');
  if (values.json) process.stdout.write(`${JSON.stringify({ version: 1, ...about, ...results }, null, 2)}\n`);
  else
    process.stdout.write(
      `${[...table(results), '', ...targetTable(results), '', ...notes(results, runs)].join('\n')}\n`,
    );
  if (values.only || sizes || values.who || values.quick || values.compare) return;
  const page = join(repository, 'docs', 'performance.md');
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), section(about, results)));
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

function describeEnvironment(): BenchEnvironment {
  const all = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: repository, encoding: 'utf8' }).trim(),
    kernel: release(),
    machine: `${all.length} × ${all[0]?.model.trim() ?? 'processor'}, ${gib} GiB`,
    node: process.versions.node,
    runs,
  };
}
