import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';
import { inside, prepare } from '../support/play.ts';

const MAIN = 'version: 1\nname: shop\ninclude: [parts/rack.yaml]\n';
const RACK = 'bridges: { lan: 10.70.0.0/24 }\nnamespaces:\n  red: { interfaces: { eth0: { bridge: lan } } }\n';

test('plan, apply, destroy and validate write their answer beside the text, and origins are in the included file', () =>
  withMachine(async (m) => {
    await prepare(m);
    await m.must('mkdir parts && cat >lab.yaml', { ...inside, input: MAIN });
    await m.must('cat >parts/rack.yaml', { ...inside, input: RACK });
    const answer = async () => JSON.parse(await m.must('cat answer.json', inside));
    const run = (args: string, code = 0) =>
      runNetform(m, [...args.split(' '), '--json-into', 'answer.json'], { ...inside, code });

    expect((await run('validate lab.yaml')).stdout).toBe('lab.yaml is valid\n');
    expect(await answer()).toMatchObject({ version: 1, ok: true, file: 'lab.yaml', diagnostics: [] });

    const planned = await run('plan lab.yaml --exit-code --markdown', 10);
    expect(planned.stdout).toMatch(/^<!-- netform plan lab\.yaml -->\n### netform plan: lab `shop`\n/);
    const plan = await answer();
    const red = plan.operations.find(({ id }: { readonly id: string }) => id === 'netns:red');
    expect(red.origin).toEqual({ file: 'parts/rack.yaml', path: ['namespaces', 'red'], line: 3, column: 3 });
    const printed = await runNetform(m, ['plan', 'lab.yaml', '--json'], inside);
    expect({ ...JSON.parse(printed.stdout), read: null }).toEqual({ ...plan, read: null });

    expect((await run('apply lab.yaml')).stdout).toContain('Applied shop in');
    expect(await answer()).toMatchObject({ ok: true, status: 'done', plan: { planId: plan.planId } });
    expect((await runNetform(m, ['plan', 'lab.yaml', '--tf-json'], inside)).stdout).toBe(
      '{\n  "create": 0,\n  "update": 0,\n  "delete": 0\n}\n',
    );

    await m.must('cat >parts/rack.yaml', { ...inside, input: RACK.replace('bridge: lan', 'bridge: lam') });
    const refused = await run('plan lab.yaml --markdown', 3);
    expect(refused.stdout).toContain('cannot be applied');
    expect(refused.stdout).toContain('parts/rack.yaml:3:40: ');
    expect(await answer()).toMatchObject({ ok: false, diagnostics: [{ code: 'NF2003', file: 'parts/rack.yaml' }] });
    const said = await runNetform(m, ['validate', 'lab.yaml', '--format', 'github'], { ...inside, code: 3 });
    expect(said.stderr).toBe('');
    expect(said.stdout).toMatch(/^::error file=parts\/rack\.yaml,line=3,col=40,endColumn=43,title=NF2003 [^\n]*\n$/);
    const sarif = await runNetform(m, ['validate', 'lab.yaml', '--sarif'], { ...inside, code: 3 });
    expect(sarif.stderr).toContain('parts/rack.yaml:3:40: ');
    expect(JSON.parse(sarif.stdout).runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'parts/rack.yaml' },
      region: { startLine: 3, startColumn: 40, endColumn: 43 },
    });
    const quality = await runNetform(m, ['validate', 'lab.yaml', '--format', 'gitlab'], { ...inside, code: 3 });
    expect(JSON.parse(quality.stdout)[0].location).toEqual({ path: 'parts/rack.yaml', lines: { begin: 3 } });

    await run('destroy shop --yes');
    expect(await answer()).toMatchObject({ ok: true, status: 'done', lab: 'shop' });
    await run('apply nowhere.yaml', 2);
    expect(await answer()).toMatchObject({ ok: false, error: { code: 'E_NO_FILE' } });
    expect(await m.must('ls', inside)).toBe('answer.json\nlab.yaml\nparts\ntopologies\n');
  }));

test('an answer never overwrites something else, and a file that cannot be written is refused before anything is done', () =>
  withMachine(async (m) => {
    await prepare(m);
    await m.must('cat >lab.yaml', { ...inside, input: 'version: 1\nname: red\nnamespaces: { red: {} }\n' });
    await m.must('ln -s lab.yaml link; touch empty; mkfifo pipe; echo "{}" >other.json', inside);
    const before = await m.snapshot();
    for (const path of ['lab.yaml', 'link', 'pipe', '.', '/dev/null', 'other.json', 'none/a.json', '/proc/a.json']) {
      const { stderr } = await runNetform(m, ['apply', 'lab.yaml', `--json-into=${path}`], { ...inside, code: 2 });
      expect(stderr, path).toContain('[E_ANSWER_FILE]');
    }
    expect(await m.snapshot()).toBe(before);
    expect(await m.must('cat lab.yaml', inside)).toContain('name: red');
    await runNetform(m, ['apply', 'lab.yaml', '--json-into', 'empty'], inside);
    await runNetform(m, ['plan', 'lab.yaml', '--json-into', 'empty'], inside);
    expect(JSON.parse(await m.must('cat empty', inside))).toMatchObject({ ok: true, operations: [] });
    await runNetform(m, ['destroy', 'red', '--yes'], inside);
  }));
