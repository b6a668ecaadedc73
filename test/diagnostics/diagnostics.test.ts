import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCodes } from '../../src/model/diagnostics/check-codes.ts';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { diagnose } from '../support/diagnose.ts';
import { liveOf, type SmallMachine } from '../support/live.ts';
import { generated } from './generated.ts';

const HERE = import.meta.dirname;
const written = readdirSync(HERE).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []));
const names = [...written, ...Object.keys(generated)];
const textOf = (name: string): string | Uint8Array => generated[name]?.() ?? readFileSync(join(HERE, `${name}.yaml`));

/** What only the record of another lab can show: test/safety/labs-beside.test.ts. */
const OF_OTHER_LABS = ['lab-conflict'];
/** What only a machine with links that are adopted can show: test/unit/features/anti-spoofing.test.ts. */
const OF_ADOPTED = ['kept-mac'];

describe('a file with mistakes', () => {
  it('is there for every check', () => {
    expect([...names, ...OF_OTHER_LABS, ...OF_ADOPTED].toSorted()).toEqual(Object.keys(checkCodes).toSorted());
  });

  it.each(names)('reports %s', async (name) => {
    const machine = join(HERE, `${name}.live.json`);
    const small: SmallMachine | null = existsSync(machine) ? JSON.parse(readFileSync(machine, 'utf8')) : null;
    const about = {
      live: small && liveOf(small),
      ...(small?.ssh && { ssh: small.ssh }),
      recorded: small?.recorded ?? [],
    };
    const { diagnostics, loaded } = diagnose(textOf(name), {
      file: `${name}.yaml`,
      ...about,
    });
    expect([...new Set<string>(diagnostics.map(({ check }) => check))]).toEqual([name]);
    const text = diagnosticsText(diagnostics, { file: `${name}.yaml`, text: loaded.text, locate: loaded.locate });
    await expect(text).toMatchFileSnapshot(join(HERE, `${name}.out`));
  });
});
