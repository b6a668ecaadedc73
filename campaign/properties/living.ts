import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cniWorld, stableCniWorld } from '../cni-world.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { pinnedLab } from '../labs.ts';
import { apply, destroy, expectSuccess, FILE, faultCounts, isInterrupted, plan } from '../netform.ts';
import { canAttach, pinnedAttachments } from '../parts/cni.ts';
import { livingParts, withParts } from '../parts/index.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { sh } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

const PROCESSES = '/run/netform/labs/lab/.processes';

/** What lives in random labs, of campaign/parts. The points are the processes that were looked at. */
export const living: Property = {
  name: 'living',
  title:
    'programs, DNS servers and CNI attachments in random labs: apply, an empty plan, one is killed, A, B, A, kill -9 or a refusal in the middle, destroy leaves nothing',
  unit: 'runs',
  ...{ inTest: 30, inCampaign: 2000, perMachine: 10 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    canAttach();
    const empty = await cniWorld();
    await eachSeed((at) => runOnce(at, empty))(seed, count, report);
  },
};

async function runOnce(seed: number, empty: string): Promise<number> {
  const dice = random(seed + 77);
  const a = withParts(pinnedLab(seed), seed, livingParts);
  const b = withParts(pinnedLab(dice.often(50) ? seed : seed + 1_000_000), seed + 1, livingParts);
  expectSuccess(await apply(a.lab));
  const fresh = await world();
  const view = await plan(a.lab);
  must(view, 'the plan of what was applied is refused');
  must(view.described.length === 0, `the plan is not empty: ${JSON.stringify(view.described)}`);
  const names = existsSync(PROCESSES) ? readdirSync(PROCESSES).toSorted() : [];
  // A lab without namespaces may have no place for anything, and attachments are not processes.
  must(names.length > 0 || a.parts.every((part) => part === pinnedAttachments.name), 'no process is written down');
  const [first, ...others] = names;
  if (first !== undefined) {
    await killOne(dice.one([first, ...others]));
    must((await world()) !== fresh, 'a killed program is not seen');
    expectSuccess(await apply(a.lab));
    mustEqual(await world(), fresh, 'a killed program is not there again');
  }
  const { instruction, journal } = await faultCounts(() => apply(b.lab));
  const made = await world();
  expectSuccess(await apply(a.lab));
  mustEqual(await world(), fresh, 'A, then B, then A is not A');
  if (instruction > 0) await breakOff({ dice, a: a.lab, b: b.lab, fresh, made, instruction, journal });
  expectSuccess(await destroy('lab'));
  must(!isInterrupted('lab'), 'the journal is still there');
  mustEqual(await cniWorld(), empty, 'destroy did not restore the machine');
  must(!existsSync('/run/netform/labs'), 'destroy left files of processes');
  mustEqual(await sh(`pgrep -fa "[s]leep 1d|[n]cat --listen|[d]nsmasq" || true`), '', 'destroy left processes');
  mustEqual(await groups(), '', 'destroy left control groups');
  return names.length;
}

type Break = {
  readonly dice: ReturnType<typeof random>;
  readonly a: unknown;
  readonly b: unknown;
  readonly fresh: string;
  readonly made: string;
  readonly instruction: number;
  readonly journal: number;
};

/** The change from A to B is killed, or refused, somewhere: the next run gives A or B, a refused one A. */
async function breakOff({ dice, a, b, fresh, made, instruction, journal }: Break): Promise<void> {
  const nth = 1 + dice.below(instruction);
  if (dice.often(30)) {
    const { exitCode, text } = await apply(b, { fault: `fail@instruction:${nth}:EIO` });
    must(exitCode === 4, `fail@instruction:${nth}: exit ${exitCode}\n${text}`);
    mustEqual(await world(), fresh, `fail@instruction:${nth}: the machine is not as it was`);
    return;
  }
  const place = dice.often(60) ? `instruction:${nth}` : `journal:${1 + dice.below(Math.max(1, journal))}`;
  writeFileSync(FILE, JSON.stringify(b));
  await spawnRunner(['apply', FILE], { fault: `kill@${place}` });
  const next = dice.below(3);
  if (next === 2) return;
  expectSuccess(await apply(next === 0 ? a : b));
  mustEqual(await world(), next === 0 ? fresh : made, `kill@${place}: the next apply gives another lab`);
}

/** The machine, with each process that is written down: what it runs, and whether it does. */
const world = async (): Promise<string> => `${await stableCniWorld()}\n${processLines().join('\n')}`;

function processLines(): readonly string[] {
  if (!existsSync(PROCESSES)) return [];
  return readdirSync(PROCESSES).map((name) => {
    const { spec } = JSON.parse(readFileSync(`${PROCESSES}/${name}/process.json`, 'utf8'));
    const state = stateOf(pidOf(name));
    return `${name} ${state} ${JSON.stringify([spec.command, spec.files, spec.environment])}`;
  });
}

const pidOf = (name: string): string =>
  readFileSync(`${PROCESSES}/${name}/${existsSync(`${PROCESSES}/${name}/main`) ? 'main' : 'pid'}`, 'utf8').trim();

/** A process can go between any two looks at it, and while it is read. */
function stateOf(pid: string): string {
  try {
    return /\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1')) ? 'ended' : 'runs';
  } catch {
    return 'ended';
  }
}

/** A zombie has ended, too. */
async function killOne(name: string): Promise<void> {
  const pid = pidOf(name);
  process.kill(Number(pid), 'SIGKILL');
  while (stateOf(pid) === 'runs') await new Promise((resolve) => setTimeout(resolve, 5));
}

const groups = (): Promise<string> =>
  sh(
    `group=$(sed -n 's/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\) .* - cgroup2 .*/\\2/p' /proc/self/mountinfo | tail -n 1); test -z "$group" || find "$group" -name 'netform-????????????????'`,
  );
