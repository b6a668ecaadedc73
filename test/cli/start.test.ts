import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';

test('init shows, previews and writes templates, and replaces nothing unasked', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/work');
    const init = (...args: readonly string[]) => m.netform(['init', ...args], { cwd: '/run/work' });
    const names = ['bridge-nat', 'cni', 'docker-bridge', 'router', 'two-hosts', 'two-nodes', 'blank'];
    const listed = (await init('--list')).stdout.trim().split('\n');
    expect(listed.map((line) => line.split(' ')[0])).toEqual(names);
    expect(listed.find((line) => line.startsWith('router'))).toMatch(
      /^router {3,}Two LANs, and a router between them;/,
    );

    expect(await init()).toMatchObject({
      code: 0,
      stdout: 'Wrote topology.yaml, from the template two-hosts.\nNext: netform plan, then netform apply\n',
    });
    const first = await m.must('cat /run/work/topology.yaml');
    expect(first).toMatch(/^# Try: +netform apply$/m);
    expect(first).not.toContain('two-hosts.yaml');
    // L3: what the first line names is beside the file, wherever a clone of the folder is.
    expect(/\$schema=(\S+)/.exec(first)?.[1]).toBe('topology.schema.json');
    const schema = await m.must('cat /run/work/topology.schema.json');
    expect(schema).toBe(readFileSync(join(repository, 'schemas/topology.schema.json'), 'utf8'));
    expect(await init('router')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('topology.yaml: it exists already'),
    });
    expect(await m.must('cat /run/work/topology.yaml')).toContain('alice');
    expect((await init('router', '--force')).code).toBe(0);
    const written = await m.must('cat /run/work/topology.yaml');
    expect(written).toContain('gateway');
    expect((await init('router', '--print')).stdout).toBe(written);
    expect(await init('ruter')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean router?') });
    expect(await init('-o', '/nowhere/a.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot write'),
    });
    expect((await m.netform(['validate'], { cwd: '/run/work' })).code).toBe(0);

    // H2: the comment and the next commands name the file that was written.
    await m.must('mkdir "/run/work/my labs"');
    expect((await init('router', '-o', 'my labs/r.yaml')).stdout).toBe(
      "Wrote my labs/r.yaml, from the template router.\nNext: netform plan 'my labs/r.yaml', then netform apply 'my labs/r.yaml'\n",
    );
    const router = await m.must('cat "/run/work/my labs/r.yaml"');
    expect(router.match(/netform (?:plan|apply)[^\n#]*?(?= repairs|\n)/g)).toEqual([
      "netform apply 'my labs/r.yaml'",
      "netform apply 'my labs/r.yaml'",
    ]);
    await m.must('cd "/run/work/my labs"; echo mine > topology.schema.json');
    expect((await init('two-nodes', '-o', 'my labs/n.yaml')).code).toBe(0);
    expect(await m.must('cat "/run/work/my labs/topology.schema.json"')).toBe('mine\n');
    expect((await init('router', '-o', '-')).stdout).toBe(written);
    expect(await m.must('ls /run/work')).toBe('my labs\ntopology.schema.json\ntopology.yaml\n');
  }));

test('fmt writes what it changed, tells with --check, and leaves alone what it cannot read', () =>
  withMachine(async (m) => {
    const cwd = '/run/work';
    await m.must('mkdir -p /run/work');
    const wide = 'version:   1\nname: x   # one\nnamespaces: {a: {}}  # and two\n\n\n';
    const even = 'version: 1\nname: x                    # one\nnamespaces: { a: {} }      # and two\n';
    const shown = even.replace(/ {2,}#/g, (space) => space.slice(4));
    await m.sh('tee wide.yaml > even.yaml', { cwd, input: wide });
    const fmt = (...args: readonly string[]) => m.netform(['fmt', ...args], { cwd });
    expect(await fmt('wide.yaml', '-o', '-')).toMatchObject({ code: 0, stdout: shown });
    expect(await fmt('even.yaml')).toMatchObject({ code: 0, stdout: 'even.yaml\n' });
    expect(await m.must('cat even.yaml', { cwd })).toBe(shown);
    expect(await fmt('even.yaml', 'wide.yaml', '--check')).toMatchObject({ code: 6, stdout: 'wide.yaml\n' });
    expect(await m.must('cat wide.yaml', { cwd })).toBe(wide);
    expect(await m.netform(['fmt', '-'], { cwd, input: wide })).toMatchObject({ code: 0, stdout: shown });

    await m.sh('cat > broken.yaml', { cwd, input: 'name: [x\n' });
    expect(await fmt('broken.yaml')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^broken\.yaml:\d+:\d+: /),
    });
    expect(await m.must('cat broken.yaml', { cwd })).toBe('name: [x\n');
    const own = ['two-nodes.yaml', 'names.yaml'].map((name) => join(repository, 'topologies', name));
    expect((await fmt('--check', ...own)).code).toBe(0);
  }));
