import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const lab = (name: string, lines: string): string => `version: 1\nname: ${name}\n${lines}`;

/** The inputs of the newcomer: two labs that publish one port, and two that have the same names. */
const published = (name: string, subnet: string): string =>
  lab(
    `lab${name}`,
    `bridges: { lan${name}: { subnet: ${subnet}.0/24, address: ${subnet}.1 } }
namespaces: { web${name}: { interfaces: { eth0: { bridge: lan${name} } }, publish: ["8080:80"] } }
`,
  );
const SAME = `bridges: { lan: { subnet: 10.40.0.0/24, address: 10.40.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`;

async function writeFiles(m: Machine, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await m.must(`cat > /run/${name}.yaml`, { input: text });
}

const errors = (stderr: string): number =>
  stderr.split('\n').filter((line) => /\[NF\d+\]$/.test(line) && !line.includes(': warning: ')).length;

describe.concurrent('what a recorded lab has is in conflict, and never adopted', () => {
  test('C1: a port that another lab forwards is one error that names the lab, its file and the remedy', async () => {
    await withMachine(async (m) => {
      await writeFiles(m, { a: published('a', '10.41.0'), b: published('b', '10.42.0') });
      await runNetform(m, ['apply', '/run/a.yaml']);
      const applied = await m.snapshot();
      for (const args of [['plan'], ['apply'], ['apply', '--adopt', '--yes']]) {
        const { stderr } = await runNetform(m, [...args, '/run/b.yaml'], { code: 7 });
        expect(stderr).toContain('the lab laba (a.yaml) already has port 8080/tcp (forwarded to weba) [NF3017]');
        expect(stderr).toContain('publish another port, or remove that lab first: netform destroy laba');
        expect(errors(stderr)).toBe(1);
      }
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'laba', '--yes']);
      await runNetform(m, ['apply', '/run/b.yaml']);
    });
  });

  test('C2: names and subnets of another lab are one error, with --adopt too', async () => {
    await withMachine(async (m) => {
      const empty = await m.snapshot();
      await writeFiles(m, { th: lab('theirs', SAME), mi: lab('mine', SAME) });
      await runNetform(m, ['apply', '/run/th.yaml']);
      for (const args of [['plan'], ['plan', '--adopt'], ['apply', '--adopt', '--yes']]) {
        const { stderr } = await runNetform(m, [...args, '/run/mi.yaml'], { code: 7 });
        expect(stderr).toContain('the lab theirs (th.yaml) already has red, lan, red-eth0 and 10.40.0.0/24 [NF3017]');
        expect(stderr).toContain('or remove that lab first: netform destroy theirs');
        expect(errors(stderr)).toBe(1);
      }
      await runNetform(m, ['apply', '/run/th.yaml']);
      await runNetform(m, ['destroy', 'theirs', '--yes']);
      expect(await m.snapshot()).toBe(empty);
    });
  });

  test('C2: overlapping subnets, names in /etc/hosts, routes and files are conflicts, one error a lab', async () => {
    await withMachine(async (m) => {
      const more = (
        net: string,
        to: string,
      ) => `bridges: { l${net}: { subnet: 10.${net}.0.0/16, address: 10.${net}.0.1 } }
routes: [{ to: ${to}, dev: l${net} }]
cni: { mynet: { cniVersion: 1.0.0, plugins: [{ type: loopback }] } }
`;
      const names = lab('b', `${more('52', '203.0.113.0/24')}`);
      const inside = lab('c', 'bridges: { x: { subnet: 10.51.7.0/24, address: 10.51.7.1 } }\n');
      await writeFiles(m, { a: lab('a', more('51', '203.0.113.0/24')), b: names, c: inside });
      await runNetform(m, ['apply', '/run/a.yaml']);
      const b = await runNetform(m, ['plan', '/run/b.yaml'], { code: 7 });
      expect(b.stderr).toContain(
        'the lab a (a.yaml) already has the route to 203.0.113.0/24 and /etc/cni/net.d/10-mynet.conflist',
      );
      expect(errors(b.stderr)).toBe(1);
      const c = await runNetform(m, ['plan', '/run/c.yaml'], { code: 7 });
      expect(c.stderr).toContain('the lab a (a.yaml) already has 10.51.0.0/16 [NF3017]');
      expect(c.stderr).toContain('choose another subnet (10.52.0.0/24 is free on this machine)');
      expect(errors(c.stderr)).toBe(1);
    });
  });

  test('H12: a file that only says another name is one error that names both', async () => {
    await withMachine(async (m) => {
      await writeFiles(m, { ren: lab('three', SAME) });
      await runNetform(m, ['apply', '/run/ren.yaml']);
      await writeFiles(m, { ren: lab('three-b', SAME) });
      for (const args of [['plan'], ['apply', '--adopt', '--yes']]) {
        const { stderr } = await runNetform(m, [...args, '/run/ren.yaml'], { code: 7 });
        expect(stderr).toContain('ren.yaml was applied as the lab three; it now says name: three-b [NF3017]');
        expect(stderr).toContain('netform rename three three-b');
        expect(errors(stderr)).toBe(1);
      }
      for (const verb of ['destroy', 'show']) {
        const { stderr } = await runNetform(m, [verb, '/run/ren.yaml'], { code: 2 });
        expect(stderr).toContain('was applied as the lab three; it now says name: three-b');
      }
    });
  });
});

const FULL = `bridges: { lan: { subnet: 10.40.0.0/24, address: 10.40.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
  blue: { interfaces: { eth0: { bridge: lan } } }
nat: [{ masquerade: lan }]
host: { dns: { names: true } }
`;

describe.concurrent('netform rename', () => {
  test('H12: changes marks, tables, blocks and the record, and nothing else; the renamed file then plans nothing', async () => {
    await withMachine(async (m) => {
      await m.must('printf "127.0.0.1 localhost" > /etc/hosts');
      const empty = await m.snapshot();
      await writeFiles(m, { one: lab('one', FULL), two: lab('two', FULL), other: lab('other', '') });
      await runNetform(m, ['apply', '/run/one.yaml']);
      const before = await m.snapshot();
      const { stdout } = await runNetform(m, ['rename', 'one', 'two']);
      expect(stdout).toBe('Renamed one to two. Write name: two in /run/one.yaml.\n');
      const after = await m.snapshot();
      expect(after).not.toBe(before);
      expect(after).not.toContain('netform:v1:one:');
      expect(after).not.toContain('netform_one');
      expect(await m.must('ls /var/lib/netform')).toBe('two\n');
      await runNetform(m, ['show', 'two', '--exit-code']);
      await runNetform(m, ['plan', '/run/two.yaml', '--exit-code']);
      expect((await runNetform(m, ['rename', 'one', 'two'], { code: 2 })).stderr).toContain('the lab one is not on');
      expect((await runNetform(m, ['rename', 'two', '1x'], { code: 2 })).stderr).toContain('cannot be the name');
      await m.must('nft add table inet netform_taken');
      const taken = await runNetform(m, ['rename', 'two', 'taken'], { code: 2 });
      expect(taken.stderr).toContain('there is a table inet netform_taken in host already');
      await m.must('nft delete table inet netform_taken');
      await runNetform(m, ['rename', 'two', 'one']);
      expect(await m.snapshot()).toBe(before);
      await runNetform(m, ['destroy', 'one', '--yes']);
      expect(await m.snapshot()).toBe(empty);
    });
  });
});

describe.concurrent('marked objects without a record', () => {
  test('C3: doctor, list and plan find them; recover --orphans shows and deletes them, or records them again', async () => {
    await withMachine(async (m) => {
      const empty = await m.snapshot();
      await writeFiles(m, { one: lab('one', FULL), other: lab('other', 'namespaces: { x: {} }\n') });
      await runNetform(m, ['apply', '/run/one.yaml']);
      const clean = await runNetform(m, ['recover', '--orphans', '--yes']);
      expect(clean.stdout).toBe('Everything that carries a mark of netform is in a record.\n');
      const applied = await m.snapshot();
      await m.must('mv /var/lib/netform /var/lib/lost');
      const sentence = 'carry the mark of the lab one, but netform has no record of them';
      expect((await runNetform(m, ['doctor'], { code: 6 })).stdout).toContain(`${sentence} [unrecorded]`);
      expect((await runNetform(m, ['list'])).stderr).toContain(sentence);
      expect((await runNetform(m, ['plan', '/run/other.yaml'])).stderr).toContain(sentence);
      await runNetform(m, ['recover', '--orphans'], { code: 2 });
      await runNetform(m, ['recover', '--orphans', '/run/other.yaml', '--yes'], { code: 2 });
      expect(await m.snapshot()).toBe(applied);

      const back = await runNetform(m, ['recover', '--orphans', '/run/one.yaml', '--yes']);
      expect(back.stdout).toContain('netns:red\n');
      expect(back.stdout).toContain('Recorded one again with');
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['show', 'one', '--exit-code']);
      await runNetform(m, ['plan', '/run/one.yaml', '--exit-code']);
      expect((await runNetform(m, ['list'])).stderr).toBe('');

      await m.must('rm -r /var/lib/netform');
      const away = await runNetform(m, ['recover', '--orphans', '--yes']);
      for (const line of ['namespace red', 'link lan', 'table netform_one', 'lines in /etc/hosts'])
        expect(away.stdout).toContain(`  ${line}   (lab one)`);
      expect(away.stdout).toContain('objects without a record.');
      const { stdout } = await runNetform(m, ['list']);
      expect(stdout).toBe('There is no lab on this machine.\n');
      // Which folders netform made is in its lost records.
      await m.must('rmdir /etc/netns/* /etc/netns; sysctl -qw net.ipv4.ip_forward=0');
      expect(await m.snapshot()).toBe(empty);
    });
  });

  test('C2: two labs that an older version let overlap are destroyed one by one, and what is left is found', async () => {
    await withMachine(async (m) => {
      await writeFiles(m, { th: lab('theirs', SAME), mi: lab('mine', SAME) });
      await runNetform(m, ['apply', '/run/th.yaml']);
      await m.must('mv /var/lib/netform/theirs /var/lib/theirs');
      await runNetform(m, ['apply', '/run/mi.yaml', '--adopt', '--yes']);
      await m.must('mv /var/lib/theirs /var/lib/netform/theirs');
      await runNetform(m, ['apply', '/run/mi.yaml']);
      await runNetform(m, ['destroy', 'theirs', '--yes']);
      await runNetform(m, ['destroy', 'mine', '--yes']);
      const { stderr } = await runNetform(m, ['list']);
      expect(stderr).toContain(
        'red, lan and red-eth0 carry the mark of the lab theirs, but netform has no record of them',
      );
      await runNetform(m, ['recover', '--orphans', '--yes']);
      expect((await m.must('ip netns list; ip -br link')).trim()).toMatch(/^lo /);
    });
  });
});
