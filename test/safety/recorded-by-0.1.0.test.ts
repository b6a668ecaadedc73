import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';

/** What netform 0.1.0 wrote, by record.sh there. It is not recorded again: it stands for the labs that are up. */
const RECORDED = `${repository}test/safety/recorded-by-0.1.0`;
const FILE = '/run/rich.yaml';
const JOURNAL = '/var/lib/netform/rich/journal';
const STATE = '/var/lib/netform/rich/state.json';

describe.concurrent('a lab that netform 0.1.0 applied', () => {
  test('is shown without drift, needs only the line of the machine itself, takes a change, and leaves the machine as it was', async () => {
    await withMachine(async (m) => {
      const before = await machineBefore(m);
      await replay(m);
      await expectNoDrift(m);
      const plan = JSON.parse((await runNetform(m, ['plan', FILE, '--json'])).stdout);
      expect(plan.extras).toMatchObject([{ noun: 'link', name: 'old-port' }]);
      expect(new Set(plan.operations.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['names']));
      const lines = (await runNetform(m, ['plan', FILE])).stdout.split('\n').filter((line) => /^ +[~+±-] /.test(line));
      expect(lines.length).toBeGreaterThan(3);
      for (const line of lines) expect(line).toMatch(/ ~ file +\/etc\/hosts +\+ 127\.0\.1\.1 vm$/);
      await runNetform(m, ['apply', FILE]);
      const applied = await m.snapshot();
      await runNetform(m, ['apply', await written(m, 'changed.yaml')]);
      await expectNoDrift(m);
      expect(await m.snapshot()).not.toBe(applied);
      await runNetform(m, ['apply', await written(m, 'applied.yaml')]);
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'rich', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('is read from its state alone by list, graph and forget', async () => {
    await withMachine(async (m) => {
      await machineBefore(m);
      await replay(m);
      const { labs } = JSON.parse((await runNetform(m, ['list', '--json'])).stdout);
      expect(labs).toMatchObject([{ lab: 'rich', uid: 'b8cc407d', file: FILE }]);
      expect((await runNetform(m, ['graph', 'rich'])).stdout).toContain('old-guest');
      const applied = await m.snapshot();
      await runNetform(m, ['forget', 'rich', '--yes']);
      expect(await m.snapshot()).toBe(applied);
    });
  });
});

describe.concurrent('a run that netform 0.1.0 has not ended', () => {
  test('goes back to the state before it, whether it was interrupted or waits to be confirmed', async () => {
    await withMachine(async (m) => {
      const before = await machineBefore(m);
      await replay(m);
      const applied = await m.snapshot();
      await run(m, await m.must(`cat ${RECORDED}/changed.journal`));
      await runNetform(m, ['rollback', 'rich']);
      expect(await m.snapshot()).toBe(applied);
      await run(m, await m.must(`sed '$d' ${RECORDED}/changed.journal`));
      expect((await runNetform(m, ['recover', '--all'])).stderr).toContain('apply rich.yaml');
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'rich', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('counts when it is confirmed', async () => {
    await withMachine(async (m) => {
      const before = await machineBefore(m);
      await replay(m);
      await run(m, await m.must(`cat ${RECORDED}/changed.journal`));
      const changed = await m.snapshot();
      await runNetform(m, ['confirm', 'rich']);
      expect(await m.snapshot()).toBe(changed);
      expect(JSON.parse(await m.must(`cat ${STATE}`))).toEqual({ ...intended(), version: 2, shared: [] });
      await expectNoDrift(m);
      await runNetform(m, ['destroy', 'rich', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });
});

/** The machine as it was before the lab, and its snapshot. */
async function machineBefore(m: Machine): Promise<string> {
  await m.must(`sh ${RECORDED}/boot.sh && sh ${RECORDED}/machine.sh`);
  return await m.snapshot();
}

async function replay(m: Machine): Promise<void> {
  await m.must(`sh ${RECORDED}/replay.sh`);
  await written(m, 'applied.yaml');
}

/** Does to the objects what the change did, and puts its journal, and the state if it got that far, in place. */
async function run(m: Machine, journal: string): Promise<void> {
  await m.must(`sh -e ${RECORDED}/changed.sh; cp ${RECORDED}/changed.folders /var/lib/netform/.folders; umask 077; cat >${JOURNAL}`, { input: journal });
  if (journal.includes('"type":"applied"')) await m.must(`cat >${STATE}`, { input: JSON.stringify(intended()) });
}

/** The state that the journal says the change led to. */
function intended(): object {
  const lines = readFileSync(`${RECORDED}/changed.journal`, 'utf8').trimEnd().split('\n');
  return JSON.parse(lines.at(-1) ?? '').record.next;
}

async function written(m: Machine, topology: string): Promise<string> {
  await m.must(`cp ${RECORDED}/${topology} ${FILE}`);
  return FILE;
}

async function expectNoDrift(m: Machine): Promise<void> {
  const shown = JSON.parse((await runNetform(m, ['show', 'rich', '--json'])).stdout);
  expect(shown.resources.filter(({ status }: { status: string }) => status !== 'ok')).toEqual([]);
  expect(shown.resources.length).toBeGreaterThan(60);
}
