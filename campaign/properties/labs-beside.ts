import { writeFileSync } from 'node:fs';
import { repository } from '../../test/support/machine.ts';
import { applyFile, destroy, expectSuccess, isInterrupted, labNames, orphanList, rename } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { sh, snapshot } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

/** A lab of one namespace behind a port of the host, and its name at the moment. */
type SmallLab = {
  name: string;
  readonly netns: string;
  readonly bridge: string;
  readonly port: number;
  readonly net: string;
};

/** `points` are the steps and the connections. */
export const labsBeside: Property = {
  name: 'labs-beside',
  title:
    '2 to 4 labs that overlap in names, ports and subnets, applied, adopted, renamed, killed and destroyed in any order: each answers for itself only, and nothing is left',
  unit: 'rounds',
  ...{ inTest: 60, inCampaign: 2000, perMachine: 10 },
  run: eachSeed(async (seed) => {
    const empty = await snapshot();
    const choice = random(seed);
    const labs = Array.from({ length: 2 + choice.below(3) }, (_, i) => smallLab(choice, i));
    const applied = new Set<SmallLab>();
    let points = 0;
    for (let step = 0; step < 6; step++) {
      const lab = labs[choice.below(labs.length)];
      if (lab === undefined) continue;
      await takeStep(choice, lab, applied);
      await mustAnswer([...applied]);
      points += 1 + applied.size;
    }
    for (const { name } of [...applied].sort(() => choice.below(3) - 1)) expectSuccess(await destroy(name));
    mustEqual(await orphanList(), '', 'after every lab was destroyed something carries a mark');
    must(labNames().length === 0, 'a record is left');
    mustEqual(await snapshot(), empty, 'the machine is not as before the labs');
    return points;
  }),
};

const smallLab = (choice: Random, i: number): SmallLab => ({
  name: `beside${i}`,
  netns: choice.one(['red', 'blue', 'green']),
  bridge: choice.one(['lan', 'dmz', 'back']),
  port: choice.one([8080, 8081, 8082]),
  net: choice.one(['10.71.0.0/24', '10.71.0.0/16', '10.72.0.0/24', '10.73.0.0/24']),
});

const topologyOf = ({ name, netns, bridge, port, net }: SmallLab): string =>
  JSON.stringify({
    version: 1,
    name,
    bridges: { [bridge]: { subnet: net, address: net.replace(/0\/\d+$/, '1') } },
    namespaces: { [netns]: { interfaces: { eth0: { bridge } }, publish: [`${port}:80`] } },
  });

async function takeStep(choice: Random, lab: SmallLab, applied: Set<SmallLab>): Promise<void> {
  const isApplied = applied.has(lab);
  if (!isApplied || choice.often(30)) return applyStep(choice, lab, applied);
  if (choice.often(60)) return renameStep(choice, lab);
  expectSuccess(await destroy(lab.name));
  applied.delete(lab);
}

/** Succeeds exactly when no other lab that is applied has anything of it, with --adopt too. */
async function applyStep(choice: Random, lab: SmallLab, applied: Set<SmallLab>): Promise<void> {
  const rivals = [...applied].filter((other) => other !== lab && overlap(lab, other));
  const file = `/run/${lab.name}.yaml`;
  writeFileSync(file, topologyOf(lab));
  const before = rivals.length > 0 ? await snapshot() : '';
  const ended = await applyFile(file, { adopt: choice.often(50) });
  if (rivals.length === 0) {
    expectSuccess(ended);
    applied.add(lab);
    return;
  }
  must(ended.exitCode === 7, `a lab that overlaps was not refused: exit ${ended.exitCode}\n${ended.text}`);
  must(ended.text.split('\n').length === rivals.length, `not one message a lab:\n${ended.text}`);
  for (const { name } of rivals) must(ended.text.includes(`the lab ${name} `), `${name} is not named:\n${ended.text}`);
  mustEqual(await snapshot(), before, 'a refused apply changed the machine');
}

function overlap(one: SmallLab, other: SmallLab): boolean {
  const isSame = one.netns === other.netns || one.bridge === other.bridge || one.port === other.port;
  return isSame || one.net.slice(0, 6) === other.net.slice(0, 6);
}

/** Whole, failed, or killed anywhere: the lab has one of the two names afterwards. */
async function renameStep(choice: Random, lab: SmallLab): Promise<void> {
  const former = lab.name;
  const next = lab.name.endsWith('b') ? lab.name.slice(0, -1) : `${lab.name}b`;
  const nth = 1 + choice.below(7);
  const fault = choice.one([
    null,
    `kill@instruction:${nth}`,
    `kill@journal:${1 + (nth % 2)}`,
    `fail@instruction:${nth}:EPERM`,
  ]);
  if (fault === null) expectSuccess(await rename(lab.name, next));
  else if (fault.startsWith('fail')) {
    const { exitCode, text } = await rename(lab.name, next, { fault });
    must([0, 4, 5].includes(exitCode), `${fault}: exit ${exitCode}\n${text}`);
  } else await spawnRunner(['rename', lab.name, next], { fault });
  // The next run of any lab recovers.
  await destroy('nothing');
  must(!isInterrupted(lab.name) && !isInterrupted(next), `${fault}: the journal is still there`);
  const names = labNames().filter((name) => name === lab.name || name === next);
  must(names.length === 1, `${fault}: the lab is called ${names.join(' and ') || 'nothing'}`);
  lab.name = names[0] ?? lab.name;
  const other = lab.name === next ? former : next;
  must(!(await snapshot()).includes(`netform:v1:${other}:`), `${fault}: a mark names ${other}`);
}

/** A connection to the port of each lab ends in the lab's own namespace. */
async function mustAnswer(labs: readonly SmallLab[]): Promise<void> {
  if (labs.length === 0) return;
  const said = await sh(`perl ${WHO_ANSWERS} ${labs.map(({ netns, port }) => `${netns}:${port}`).join(' ')}`);
  for (const [i, by] of said.trim().split('\n').entries()) {
    const { name, netns, port } = labs[i] ?? {};
    must(by === netns, `port ${port} of ${name} is answered by ${by}, not ${netns}`);
  }
}

const WHO_ANSWERS = `${repository}campaign/who-answers.pl`;
