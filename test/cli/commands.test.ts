import { describe, expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: pair
bridges: { sw: { subnet: 10.7.0.0/24, address: 10.7.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } } }
  blue: { interfaces: { eth0: { bridge: sw } } }
host: { forwarding: false }
`;

const on = (body: (m: Machine, dir: string) => Promise<void>) => () =>
  withMachine(async (m) => {
    const dir = (await m.must('mkdir -p /run/work && echo /run/work')).trim();
    await m.sh('cat > /run/work/topology.yaml', { input: LAB });
    await body(m, dir);
  });

const edit = (m: Machine, from: string, to: string) =>
  m.sh('cat > /run/work/topology.yaml', { input: LAB.replace(from, to) });

test(
  'a lab is validated, planned, applied, shown, changed and destroyed',
  on(async (m, cwd) => {
    const before = await m.snapshot();
    expect(await m.netform(['validate'], { cwd })).toMatchObject({ code: 0, stdout: 'topology.yaml is valid\n' });
    expect((await m.netform(['plan', '--exit-code'], { cwd })).code).toBe(10);
    expect(await m.snapshot(), 'plan writes nothing').toBe(before);
    expect((await m.sh('ls -A /run /var/lib')).stdout, 'not even a folder').not.toMatch(/net(ns|form)/);

    const applied = await m.netform(['apply'], { cwd });
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(
      /\+ netns\n[\s\S]*Plan: 12 to add, 0 to change, 0 to replace, 0 to delete\.[\s\S]*\nApplied pair in /,
    );
    await m.must('ip netns exec red ping -c1 -W2 blue');

    expect((await m.netform(['plan', '--exit-code'], { cwd })).code).toBe(0);
    const again = await m.netform(['apply'], { cwd });
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^netform apply topology\.yaml\n\nNothing to do\./);

    expect((await m.netform(['list'], { cwd: '/' })).stdout).toMatch(
      /pair +12, as recorded .* \/run\/work\/topology\.yaml\n/,
    );
    expect((await m.netform(['show', '--exit-code'], { cwd: '/' })).code).toBe(0);

    await edit(m, '  blue: { interfaces: { eth0: { bridge: sw } } }\n', '');
    const removed = await m.netform(['apply'], { cwd });
    expect(removed.stdout).toContain('blue\n    - netns');
    expect((await m.sh('ip netns list')).stdout).not.toContain('blue');

    expect((await m.netform(['destroy', '--yes'], { cwd })).code).toBe(0);
    expect(await m.snapshot()).toBe(before);
    expect((await m.netform(['list'])).stdout).toBe('There is no lab on this machine.\n');
    expect(await m.netform(['destroy', '--yes'], { cwd })).toMatchObject({
      code: 0,
      stdout: 'Nothing to do: the lab pair is not on this machine.\n',
    });
  }),
);

test(
  'with --json standard output is one document and nothing else',
  on(async (m, cwd) => {
    const json = async (...args: readonly string[]) => {
      const { stdout, stderr, code } = await m.netform([...args, '--json'], { cwd });
      expect(stderr).toBe('');
      return { code, ...JSON.parse(stdout) };
    };
    expect(await json('validate')).toMatchObject({ code: 0, version: 1, ok: true, diagnostics: [] });
    expect(await json('plan')).toMatchObject({ lab: 'pair', summary: { add: 12 }, file: 'topology.yaml' });
    expect((await json('plan', '--commands')).commands).toContain('ip netns add red\n');
    expect(await json('apply')).toMatchObject({ code: 0, status: 'done', plan: { summary: { add: 12 } } });
    expect(await json('apply')).toMatchObject({ code: 0, status: 'unchanged' });
    expect(await json('show')).toMatchObject({ lab: 'pair', asRecorded: true, summary: { ok: 12 } });
    expect(await json('list')).toMatchObject({ labs: [{ lab: 'pair' }] });
    expect(await json('destroy')).toMatchObject({ code: 2, ok: false, error: { code: 'E_NOT_CONFIRMED' } });
    expect(await json('destroy', '--yes')).toMatchObject({ code: 0, status: 'done' });
    await edit(m, 'bridge: sw', 'bridge: sv');
    expect(await json('apply')).toMatchObject({
      code: 3,
      ok: false,
      diagnostics: [{ code: 'NF2003', at: { line: 5 } }],
    });
    expect(await json('show', '--nope')).toMatchObject({ code: 2, ok: false, error: { code: 'E_USAGE' } });
  }),
);

describe('what cannot be done is said, and nothing is changed', () => {
  test(
    'a wrong command line',
    on(async (m) => {
      await m.sh('cat > /run/x.yaml', { input: LAB });
      const before = await m.snapshot();
      const says = async (args: readonly string[], code: number, text: RegExp) => {
        const ended = await m.netform(args, { cwd: '/' });
        expect({ ...ended, stdout: '' }).toMatchObject({ code, stderr: expect.stringMatching(text) });
      };
      await says(['aply'], 2, /no command aply .*\n {2}= did you mean apply\?/);
      await says(['plan', '--exit-coed'], 2, /plan has no flag --exit-coed .*\n {2}= did you mean --exit-code\?/);
      await says(['shell'], 2, /NAMESPACE is missing .*\n {2}= usage: netform shell NAMESPACE/);
      await says(['list', 'pair'], 2, /list takes no argument: pair/);
      await says(['import', 'liv'], 2, /no command import liv .*\n {2}= did you mean import live\?/);
      await says(['import', 'liv', '--help'], 2, /did you mean import live\?/);
      for (const help of [
        ['plan', '-h'],
        ['help', 'plan'],
        ['plan', '--help'],
      ]) {
        const { code, stdout } = await m.netform(help);
        expect({ code, stdout }).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('netform plan [FILE] [FLAGS]'),
        });
      }
      await says(['plan'], 2, /cannot read topology\.yaml: there is no such file .*\n {2}= .* netform init/);
      await says(
        ['import', 'compose', 'none.yaml'],
        2,
        /cannot read none\.yaml: there is no such file \[E_NO_FILE\]\n$/,
      );
      for (const command of ['capture host:lo', 'graph /run/x.yaml', 'import live'])
        await says(
          [...command.split(' '), '-o', '/nowhere/a'],
          2,
          /cannot write \/nowhere\/a: there is no such folder/,
        );
      await says(['import', 'live'], 0, /there is no namespace on this machine/);
      await says(['doctor', 'pear'], 2, /no lab and no file called pear/);
      await says(['init', '-o', '/nowhere/a.yaml'], 2, /cannot write \/nowhere\/a\.yaml: there is no such folder/);
      await says(['plan', '/'], 2, /cannot read \/: it is a folder/);
      await says(['plan', '/run/work/topology.yaml', '--var', 'x'], 2, /--var x has no value/);
      await says(
        ['destroy'],
        2,
        /no lab given, and no topology.yaml in this directory.*\n {2}= netform init writes a starter topology/,
      );
      await says(['show', 'pear'], 2, /no lab and no file called pear/);
      expect(await m.snapshot()).toBe(before);
    }),
  );

  test(
    'every mistake of a file at once, also from standard input',
    on(async (m) => {
      const before = await m.snapshot();
      const input = LAB.replace('bridge: sw', 'bridge: sv').replace('10.7.0.1 ', '10.8.0.1 ');
      const ended = await m.netform(['apply', '-'], { input });
      expect(ended).toMatchObject({ code: 3, stdout: '' });
      expect(ended.stderr).toMatch(/^<stdin>:3:\d+: .*10\.8\.0\.1/m);
      expect(ended.stderr).toMatch(/^<stdin>:5:\d+: .*sv/m);
      expect(await m.snapshot()).toBe(before);
    }),
  );

  test(
    'no right to do it; validate needs none',
    on(async (m, cwd) => {
      const before = await m.snapshot();
      const run = `setpriv --reuid 65534 --clear-groups --bounding-set -all ${process.execPath} $RUN`;
      const as = (args: string) =>
        m.sh(`${run} ${args}`, { cwd, env: { RUN: `${import.meta.dirname}/../../bin/run.js` } });
      for (const args of ['plan', 'apply', 'destroy --yes', 'show', 'list']) {
        const ended = await as(args);
        expect(ended, args).toMatchObject({ code: 2, stdout: '' });
        expect(ended.stderr).toMatch(/CAP_NET_ADMIN and CAP_SYS_ADMIN.* \[E_PERMISSION\]/);
      }
      expect((await as('validate')).code).toBe(0);
      expect(await m.snapshot()).toBe(before);
    }),
  );

  test(
    'somebody else has a bridge of that name',
    on(async (m, cwd) => {
      await m.must('ip link add name sw type bridge');
      const before = await m.snapshot();
      const ended = await m.netform(['apply'], { cwd });
      expect(ended.code).toBe(7);
      expect(ended.stderr).toContain('--adopt');
      expect(await m.snapshot()).toBe(before);
      expect((await m.netform(['apply', '--adopt'], { cwd })).code).toBe(0);
    }),
  );

  test(
    'another run is at work',
    on(async (m, cwd) => {
      await m.must('mkdir -m 700 /run/netform && touch /run/netform/lock');
      m.start(['flock', '/run/netform/lock', 'sleep', '60']);
      await expect.poll(async () => (await m.netform(['apply'], { cwd })).code).toBe(8);
      expect((await m.netform(['plan'], { cwd })).code, 'plan needs no lock').toBe(0);
    }),
  );
});

test(
  'a step that fails is told with its resource, and what was done is undone',
  on(async (m, cwd) => {
    await m.must('mkdir -p /etc/netns && mount -t tmpfs -o ro tmpfs /etc/netns');
    const before = await m.snapshot();
    const ended = await m.netform(['apply'], { cwd });
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/^netform: names:\w+: .*\[E_FAILED\]\n[\s\S]*all changes were rolled back\n$/);
    expect(await m.snapshot()).toBe(before);
    expect((await m.netform(['list'])).stdout).toBe('There is no lab on this machine.\n');
  }),
);

test(
  'destroy finishes what somebody began by hand; show tells it apart',
  on(async (m, cwd) => {
    const before = await m.snapshot();
    await m.netform(['apply'], { cwd });
    await m.must('ip netns delete blue; ip -n red link set dev eth0 mtu 1400');
    const shown = await m.netform(['show', 'pair', '--exit-code']);
    expect(shown.code).toBe(6);
    expect(shown.stdout).toMatch(/changed +veth +eth0 +.*mtu 1400 → 1500/);
    expect(shown.stdout).toMatch(/missing +netns/);
    expect((await m.netform(['destroy', 'pair', '--yes'])).code).toBe(0);
    expect(await m.snapshot()).toBe(before);
  }),
);

describe('on a terminal', () => {
  const typed = (m: Machine, answer: string, args: string) =>
    m.sh(
      `(sleep 1; echo ${answer}) | script -qec "${process.execPath} ${import.meta.dirname}/../../bin/run.js ${args}" /dev/null`,
      {
        cwd: '/run/work',
        env: { TERM: 'xterm' },
      },
    );

  test(
    'apply asks only before something goes, and destroy always',
    on(async (m, cwd) => {
      expect((await typed(m, 'n', 'apply')).stdout).not.toContain('[y/N]');
      await edit(m, '  blue: { interfaces: { eth0: { bridge: sw } } }\n', '');
      const declined = await typed(m, 'n', 'apply');
      expect(declined.stdout).toMatch(/Apply this plan\? \[y\/N\][\s\S]*Nothing was changed/);
      expect(declined.code).toBe(2);
      expect((await m.netform(['plan', '--exit-code'], { cwd })).code).toBe(10);
      expect((await typed(m, 'y', 'destroy')).stdout).toMatch(/Destroy the lab pair\? \[y\/N\][\s\S]*Destroyed pair/);
    }),
  );

  test(
    'there is colour, and NO_COLOR and --no-color turn it off',
    on(async (m) => {
      const colour = '\u001b[3';
      expect((await typed(m, '', 'plan')).stdout).toContain(colour);
      expect((await typed(m, '', 'plan --no-color')).stdout).not.toContain(colour);
      expect((await m.netform(['plan'], { cwd: '/run/work' })).stdout).not.toContain(colour);
    }),
  );
});

test(
  'no other program is started, and a reader that goes away does no harm',
  on(async (m, cwd) => {
    for (const args of [['plan'], ['apply'], ['show'], ['destroy', '--yes']]) {
      const script = `PATH=/nowhere ${process.execPath} ${import.meta.dirname}/../../bin/run.js ${args.join(' ')}`;
      expect((await m.sh(script, { cwd })).code, args.join(' ')).toBe(0);
    }
    const broken = await m.sh(`${process.execPath} ${import.meta.dirname}/../../bin/run.js plan --json | true`, {
      cwd,
    });
    expect(broken).toMatchObject({ code: 0, stderr: '' });
  }),
);

test(
  'a signal ends the run by undoing it',
  on(async (m, cwd) => {
    const many = Array.from({ length: 60 }, (_, i) => `  n${i}: { interfaces: { eth0: { bridge: sw } } }`).join('\n');
    await m.sh('cat > /run/work/topology.yaml', {
      input: LAB.replace(/namespaces:[\s\S]*/, `namespaces:\n${many}\nhost: { forwarding: false }\n`),
    });
    const before = await m.snapshot();
    const ended = await m.sh(
      `${process.execPath} ${import.meta.dirname}/../../bin/run.js apply & pid=$!
       while [ -z "$(ls -A /run/netns 2>/dev/null)" ]; do sleep 0.01; done
       kill -HUP $pid; sleep 0.01; kill -TERM $pid; wait $pid`,
      { cwd },
    );
    // Of two signals that wait for a busy process the kernel delivers the lower number first.
    expect(ended.code).toBe(129);
    expect(ended.stderr).toContain('stopped by a signal');
    expect(await m.snapshot()).toBe(before);
  }),
);
