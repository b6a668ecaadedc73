import { existsSync, writeFileSync } from 'node:fs';
import { addForeignObjects } from '../foreign-objects.ts';
import { applyFile, destroy, expectSuccess, FILE, labNames, validateFile } from '../netform.ts';
import { CANARY, FIELDS, PAYLOADS } from '../payloads.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { snapshot } from '../shell.ts';
import { spawnNetform } from '../spawn.ts';

const ALL = FIELDS.length * PAYLOADS.length;
/** Of those that are refused, every so many goes through the command as well. */
const SAMPLE = 100;
/** A snapshot is taken after so many that reached the machine. */
const GROUP = 8;

export const injected: Property = {
  name: 'injected',
  title: 'injection: every field × every payload is refused with a code, or stays a text; nothing is executed',
  unit: 'inputs',
  ...{ inTest: ALL, inCampaign: ALL, perMachine: 1024 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const before = await snapshot();
    let tried: readonly string[] = [];
    await eachSeed(async (at) => {
      const [field, make] = FIELDS[at % FIELDS.length] ?? ['', () => ({})];
      const payload = PAYLOADS[Math.floor(at / FIELDS.length) % PAYLOADS.length] ?? '';
      const what = `${field} = ${JSON.stringify(payload)}`;
      writeFileSync(FILE, JSON.stringify(make(payload)));
      const { diagnostics } = validateFile();
      const isRefused = diagnostics.some(({ severity }) => severity === 'error');
      if (!isRefused || at % SAMPLE === 0) {
        await (isRefused ? mustBeRefused(what) : mustBeHarmless(what));
        tried = [...tried, what];
      }
      if (tried.length >= GROUP || at === seed + count - 1) {
        mustEqual(await snapshot(), before, `the machine was changed by one of: ${tried.join(', ')}`);
        tried = [];
      }
      return 1;
    })(seed, count, report);
  },
};

async function mustBeRefused(what: string): Promise<void> {
  const { code, text } = await spawnNetform(['apply', FILE, '--yes']);
  must(code === 3 || code === 2, `${what}: exit ${code}\n${text}`);
  must(/NF\d{4}|\[E_/.test(text), `${what}: no code\n${text}`);
  must(!existsSync(CANARY), `${what}: it was executed`);
}

/** What is accepted is a lab like any other, or refused by this machine. */
async function mustBeHarmless(what: string): Promise<void> {
  const { exitCode, text } = await applyFile(FILE);
  must([0, 3, 4, 7].includes(exitCode), `${what}: exit ${exitCode}\n${text}`);
  must(!existsSync(CANARY) && !existsSync('/run/netns/canary'), `${what}: it was executed`);
  for (const lab of labNames()) expectSuccess(await destroy(lab));
}
