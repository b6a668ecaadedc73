import { writeFileSync } from 'node:fs';
import { addForeignObjects } from '../foreign-objects.ts';
import { applyFile, destroy, expectSuccess, labNames, plan } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { snapshot } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

const PROCESSES = 8;
/** Done, or refused because another one is at work; a lab that is not there cannot be destroyed. */
const EXITS = [0, 2, 8];
/** A plan takes no lock: beside an apply it sees a lab half made, and refuses what stands in its way. Afterwards it does not. */
const PLAN_EXITS = [...EXITS, 3];

export const raced: Property = {
  name: 'raced',
  title:
    '8 processes race apply, destroy and plan on 1 to 4 labs: each ends well or is refused, and the labs are whole',
  unit: 'rounds',
  ...{ inTest: 20, inCampaign: 1000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    for (let nth = 0; nth < 4; nth++) writeFileSync(fileOf(nth), topologyOf(nth));
    await eachSeed(async (at) => {
      const dice = random(at);
      const many = 1 + dice.below(4);
      const runs = Array.from({ length: PROCESSES }, () => {
        const nth = dice.below(many);
        const verb = dice.one(['apply', 'apply', 'destroy', 'plan']);
        const wait = dice.one(['0', '30000', '30000']);
        const ended = spawnRunner([verb, verb === 'destroy' ? `race${nth}` : fileOf(nth), wait]);
        return ended.then((end) => ({ ...end, verb, nth }));
      });
      for (const { verb, nth, code, signal, text } of await Promise.all(runs)) {
        const exits = verb === 'plan' ? PLAN_EXITS : EXITS;
        must(code !== null && exits.includes(code), `${verb} ended with ${code ?? signal}: ${text}`);
        if (code === 3) must(await plan(topologyOf(nth)), `a plan is refused when nobody is at work any more: ${text}`);
      }
      for (const lab of labNames()) {
        const again = expectSuccess(await applyFile(fileOf(Number(lab.at(-1)))));
        must(again.status === 'unchanged', `${lab} was not whole: ${again.status}`);
      }
      for (const lab of labNames()) expectSuccess(await destroy(lab));
      mustEqual(await snapshot(), empty, 'the labs are gone, but the machine is not as it was');
      return PROCESSES;
    })(seed, count, report);
  },
};

const fileOf = (nth: number): string => `/run/race${nth}.yaml`;

/** Labs that all want forwarding of the machine. */
const topologyOf = (nth: number): string => `
version: 1
name: race${nth}
bridges:
  race-br${nth}: { subnet: 10.6${nth}.0.0/24, address: 10.6${nth}.0.1 }
namespaces:
  race${nth}a: { interfaces: { eth0: { bridge: race-br${nth} } } }
  race${nth}b: { interfaces: { eth0: { bridge: race-br${nth}, address: 10.6${nth}.0.9 } } }
nat: [{ masquerade: race-br${nth} }]
portForwards: ["900${nth} -> race${nth}b:80"]
host: { dns: { names: true } }
`;
