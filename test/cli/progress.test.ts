import { expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';

const MANY = 250;
const LAB = `version: 1
name: many
bridges: { sw: { subnet: 10.7.0.0/16, address: 10.7.0.1 } }
namespaces:
${Array.from({ length: MANY }, (_, i) => `  n${i}: { interfaces: { eth0: { bridge: sw } } }\n`).join('')}`;

test('a terminal is told on standard error what takes long; pipes and --json are not', () =>
  withMachine(async (m) => {
    const cwd = '/run/work';
    await m.must('mkdir -p /run/work');
    await m.sh('cat > topology.yaml', { cwd, input: LAB });
    // Standard error is a terminal, standard output a file.
    const told = async (args: string) => {
      const line = `${process.execPath} ${repository}/bin/run.js ${args} > out`;
      const { stdout } = await m.sh(`script -qec 'stty cols 80 rows 24; ${line}' /dev/null < /dev/null`, { cwd });
      return { told: stdout, printed: await m.must('cat out', { cwd }) };
    };
    const applied = await told('apply --yes');
    expect(applied.told).toContain('comparing with the machine');
    expect(applied.told).toMatch(/changes in 251 namespaces: \d+ of \d+ done/);
    expect(applied.told).toContain('done, verifying');
    expect(applied.told, 'the cursor is never hidden').not.toContain('\u001b[?25l');
    expect(applied.told.trimEnd().endsWith('\r\u001b[K'), 'nothing is left of it').toBe(true);
    expect(applied.printed).toMatch(/Applied many in .*; verified\.\n$/);
    expect(applied.printed).not.toContain('changes in');
    expect((await told('list')).told).toContain('reading 251 namespaces');
    expect((await told('plan --json')).told).toBe('');
    expect((await told('graph --format ascii')).told).toContain('drawing');
    const show = `stty cols 60 rows 24; ${process.execPath} ${repository}/bin/run.js show --no-color`;
    const { stdout } = await m.sh(`script -qec '${show}' /dev/null < /dev/null 2>&1`, { cwd });
    const page = stdout.slice(stdout.lastIndexOf('\u001b[K') + 3);
    expect(page, 'H13').toMatch(/\n {2}all 250 namespaces\r\n/);
    expect(
      page.split('\r\n').filter((line) => line.length > 60),
      'M12',
    ).toEqual([]);
    expect(await m.netform(['destroy', '--yes'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  }));
