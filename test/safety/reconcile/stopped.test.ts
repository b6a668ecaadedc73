import { expect, test } from 'vitest';
import { withMachine } from '../../support/machine.ts';
import { createRepository, pair } from './repository.ts';

/** Puts a folder in the place of a namespace that the commit has removed, and fails: the rollback cannot make it again. */
const SABOTAGE = 'test ! -e /run/sabotage || { mkdir -p /run/netns/extra/in; exit 1; }';

test('a rollback that fails stops everything, with exit code 5, until a person has looked', () =>
  withMachine(async (m) => {
    const { commit, settings, reconcile, status } = await createRepository(m);
    await settings(`confirm: 10s\nprobes: [{ in: host, run: [sh, -c, ${JSON.stringify(SABOTAGE)}] }]\n`);
    const extra = pair('10.7.0.10', { more: '  extra: {}\n' });
    const first = await commit({ 'labs/pair.yaml': extra });
    await reconcile(0);
    const applied = await m.snapshot();
    await m.must('touch /run/sabotage');
    await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
    const stopped = await reconcile(5);
    expect(stopped).toMatchObject({ state: 'stopped', stopped: { lab: 'pair' } });
    await m.must('rm /run/sabotage');

    // Neither drift nor another commit is looked at, by whichever run.
    await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
    await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
    const drifted = await m.snapshot();
    for (const run of [['lab'], ['now', 'lab'], ['--all']]) await reconcile(5, 'reconcile', ...run);
    expect(await m.snapshot()).toBe(drifted);
    const said = await m.netform(['reconcile', 'status', 'lab']);
    expect(said.stdout).toMatch(
      /^lab {3}stopped .*\n[\s\S]*nothing is done since .*netform rollback pair, and netform reconcile resume lab/,
    );

    await m.must('rm -r /run/netns/extra');
    expect((await m.netform(['rollback', 'pair'])).code).toBe(0);
    expect((await m.netform(['reconcile', 'resume', 'lab'])).stdout).toBe('lab goes on.\n');
    await commit({ 'labs/pair.yaml': extra }, { from: first });
    expect(await reconcile(0)).toMatchObject({ state: 'synced' });
    expect(await m.snapshot()).toBe(applied);
    expect((await status()).state).toBe('synced');
  }));
