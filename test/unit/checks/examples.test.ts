import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocs, checksPage } from '../../../scripts/pages/checks.ts';
import { checkCodes } from '../../../src/model/diagnostics/check-codes.ts';
import { diagnose } from '../../support/diagnose.ts';
import { liveOf, type SmallMachine } from '../../support/live.ts';

const HEAD = 'version: 1\nname: example';
const docs = checkDocs();
/** Their examples show what a kernel refuses, what the engine finds, or what is adopted. */
const WITHOUT_RULE = ['foreign-object', 'lab-conflict', 'kept-mac'];

describe('the examples of the checks', () => {
  it('covers every code once, in order', () => {
    expect(docs.map(({ name }) => name)).toEqual(Object.keys(checkCodes));
  });

  it.each(docs.filter(({ bad }) => bad !== null))(
    '$name: the wrong one raises it and nothing else',
    ({ name, bad }) => {
      if (WITHOUT_RULE.includes(name)) return;
      expect(checksIn(name, bad ?? '')).toEqual([name]);
    },
  );

  it.each(docs.filter(({ good }) => good !== null))('$name: the right one raises nothing', ({ name, good }) => {
    expect(checksIn(name, good ?? '')).toEqual([]);
  });

  it('shows them on the page', () => {
    const page = checksPage();
    for (const { name } of docs) expect(page).toContain(`### ${checkCodes[name]} ${name}\n`);
    expect(page).not.toContain('undefined');
  });
});

function checksIn(name: keyof typeof checkCodes, yaml: string): readonly string[] {
  const small = checkCodes[name].startsWith('NF3') && !WITHOUT_RULE.includes(name) ? machineOf(name) : null;
  const about = {
    live: small && liveOf(small),
    ...(small?.ssh && { ssh: small.ssh }),
    recorded: small?.recorded ?? [],
  };
  const { diagnostics } = diagnose(`${HEAD}${yaml}`, { file: `${name}.yaml`, ...about });
  return [...new Set(diagnostics.map(({ check }) => check))];
}

const machineOf = (name: string): SmallMachine =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../diagnostics/${name}.live.json`), 'utf8'));
