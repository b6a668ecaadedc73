import { rmSync, writeFileSync } from 'node:fs';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { mutateTopology } from '../mutate.ts';
import { applyFile, destroy, expectSuccess, FILE, labNames, validateFile } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { snapshot } from '../shell.ts';
import { spawnNetform } from '../spawn.ts';

const MOST_MS = 2000;
/** End to end, a snapshot is taken after so many. */
const GROUP = 4;

export const malformed: Property = {
  name: 'malformed',
  title: 'malformed input, in process: diagnostics only, never a throw, never over 2 seconds',
  unit: 'inputs',
  ...{ inTest: 10_016, inCampaign: 10_000_000, perMachine: 10_016 },
  run: eachSeed(async (seed) => {
    writeFileSync(FILE, mutateTopology(seed));
    const look = (): string => {
      const findings = validateFile();
      return diagnosticsText(findings.diagnostics, findings);
    };
    const started = performance.now();
    const text = look();
    // The machine may have been busy with something else: what counts is the time of this process.
    if (performance.now() - started > MOST_MS) must(cpuMs(look) < MOST_MS, 'it takes too long');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
    must(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text), `a terminal would obey: ${JSON.stringify(text)}`);
    return 1;
  }),
};

export const malformedRun: Property = {
  name: 'malformed-run',
  title: 'malformed input, end to end: exit 2, 3 or 4, the machine unchanged',
  unit: 'inputs',
  ...{ inTest: 128, inCampaign: 20_000, perMachine: 64 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const before = await snapshot();
    await eachSeed(async (at) => {
      writeFileSync(FILE, mutateTopology(at));
      // Every fourth through the command as it is shipped.
      const { exitCode, text } = at % 4 === 0 ? await command() : await applyFile(FILE);
      must(!/^\s+at |invariant|\[E_INTERNAL\]/m.test(text), `a stack instead of a sentence:\n${text}`);
      must([0, 2, 3, 4, 7].includes(exitCode), `exit ${exitCode}\n${text}`);
      // What is still a topology is a lab.
      if (exitCode === 0) for (const lab of labNames()) expectSuccess(await destroy(lab));
      if (at % GROUP === GROUP - 1 || at === seed + count - 1) {
        mustEqual(await snapshot(), before, `the machine was changed by one of the last ${GROUP}`);
      }
      rmSync(FILE, { force: true });
      return 1;
    })(seed, count, report);
  },
};

function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function command(): Promise<{ readonly exitCode: number; readonly text: string }> {
  const { code, text } = await spawnNetform(['apply', FILE, '--yes']);
  return { exitCode: code ?? 128, text };
}
