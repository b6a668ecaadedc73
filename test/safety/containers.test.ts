import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { doctor } from './doctor/doctor.ts';
import { interrupt } from './interrupt.ts';

/** A lab with a container, which a process or a file stands for, and a namespace of netform's on the same LAN. */
const labWith = (container: string, more = '') => `
version: 1
name: shop
bridges: { lan: { subnet: [10.0.0.0/24, "fd00:a::/64"], address: [10.0.0.1, "fd00:a::1"] } }
namespaces:
  db:
    container: ${container}
    interfaces: { eth1: { bridge: lan, address: [10.0.0.10, "fd00:a::10"] } }
    ${more}
  web: { interfaces: { eth0: { bridge: lan } } }
`;

const apply = (m: Machine, lab: string, code = 0) => runNetform(m, ['apply', '-', '--yes'], { input: lab, code });
const plan = (m: Machine, lab: string, code = 0) => runNetform(m, ['plan', '-'], { input: lab, code });
const destroy = (m: Machine) => runNetform(m, ['destroy', 'shop', '--yes']);

/** What another program made, without IPv6 as Docker makes it: an address and a route, rules, and a process in it. */
const CONTAINER = `set -e
  ip netns add theirs; ip -n theirs link set lo up
  ip netns exec theirs sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n theirs link add eth0 type bridge; ip -n theirs link set eth0 up
  ip -n theirs address add 172.17.0.2/16 dev eth0; ip -n theirs route add default via 172.17.0.1
  ip netns exec theirs nft 'add table inet runtime; add chain inet runtime input'
  ip netns exec theirs sleep 1000 >/dev/null 2>&1 </dev/null & sleep 0.2; ip netns pids theirs >/run/pid`;

const inside = (m: Machine) =>
  m.must('ip -n theirs -o address; ip -n theirs route; ip netns exec theirs nft list ruleset');
const pings = async (m: Machine, to: string) => (await m.sh(`ip netns exec web ping -c1 -W1 ${to}`)).code === 0;

test('a container gets links, addresses and names, and loses nothing else by it', () =>
  withMachine(async (m) => {
    await m.must(CONTAINER);
    const before = await inside(m);
    const lab = labWith(
      `pid:${(await m.must('cat /run/pid')).trim()}`,
      'publish: ["8080:80"]\n    run: { shop: sleep 1000 }',
    );
    await runNetform(m, ['validate', '-'], { input: lab });
    await apply(m, lab);
    for (const to of ['10.0.0.10', 'fd00:a::10', 'db']) expect(await pings(m, to), to).toBe(true);
    // Neither its default route nor what it has beside belongs to the lab.
    expect(await m.must('ip -n theirs route show default')).toContain('via 172.17.0.1');
    expect((await plan(m, lab)).stdout).toContain('Nothing to do');
    expect((await runNetform(m, ['apply', '-', '--yes', '--prune'], { input: lab })).stdout).toContain('Nothing to do');
    expect((await runNetform(m, ['recover', '--orphans'])).stdout).not.toContain('eth1');
    expect((await runNetform(m, ['exec', 'db', '--', 'ip', '-br', 'link'])).stdout).toContain('eth1');
    expect((await runNetform(m, ['show', 'shop'])).stdout).toMatch(
      /ok +container +pid:\d+[\s\S]*ok +process +shop[\s\S]* 0 missing/,
    );
    const beside = 'version: 1\nname: beside\nnamespaces: { other: { container: "path:/run/netns/theirs" } }\n';
    expect((await apply(m, beside, 3)).stderr).toContain('other cannot be path:/run/netns/theirs: the lab shop has it');
    await m.must('ip -n theirs link set eth1 down');
    expect(await pings(m, 'db')).toBe(false);
    await apply(m, lab);
    expect(await pings(m, 'db')).toBe(true);
    await destroy(m);
    expect(await inside(m)).toBe(before);
    expect(await m.must('ip -o link | cut -d: -f2; ls /run/netns; ls /etc/netns 2>/dev/null || true')).toBe(
      ' lo\ntheirs\n',
    );
  }));

test('a container that starts again is found, and one that does not run is waited for', () =>
  withMachine(async (m) => {
    const lab = labWith('{ path: /run/netns/theirs, netns: true }');
    const absent = await plan(m, lab);
    expect(absent.stderr).toContain('warning: db cannot be entered: path:/run/netns/theirs: there is no file');
    expect(absent.stdout).toContain('+ veth      eth1');
    const empty = await m.snapshot();
    expect((await apply(m, lab, 3)).stderr).toContain('db cannot be entered');
    expect(await m.snapshot()).toBe(empty);
    await m.must(CONTAINER);
    await apply(m, lab);
    expect(await m.must('readlink /run/netns/db')).toBe('/run/netns/theirs\n');
    expect(await doctor(m)).toEqual([]);
    // As a runtime does it: the network of the container is another one.
    await m.must(`kill $(cat /run/pid); ip netns del theirs; ${CONTAINER}`);
    const again = await plan(m, lab);
    expect(again.stderr).toContain('path:/run/netns/theirs was started again since the last apply: 3 objects of db');
    expect(again.stdout).toContain('Plan: 3 to add, 0 to change, 0 to replace, 0 to delete.');
    expect(again.stdout).not.toContain('by hand');
    await apply(m, lab);
    expect(await pings(m, 'fd00:a::10')).toBe(true);
    expect((await plan(m, lab)).stderr).not.toContain('started again');
    await m.must('kill $(cat /run/pid); ip netns del theirs');
    await apply(m, lab, 3);
    expect(await doctor(m)).toEqual([]);
    await destroy(m);
    expect(await m.snapshot()).toBe(empty);
  }));

test('a symbolic link that leads elsewhere by now stays', () =>
  withMachine(async (m) => {
    await m.must(CONTAINER);
    await apply(m, labWith('{ path: /run/netns/theirs, netns: true }'));
    await m.must('ln -sfn /proc/1/ns/net /run/netns/db');
    await runNetform(m, ['destroy', 'shop', '--yes'], { code: 0 });
    expect(await m.must('readlink /run/netns/db')).toBe('/proc/1/ns/net\n');
    expect((await apply(m, labWith('{ path: /run/netns/theirs, netns: true }'), 7)).stderr).toContain(
      'rm /run/netns/db',
    );
  }));

const BIG = `
version: 1
name: big
bridges: { lan: { subnet: [10.77.0.0/24, "fd00:b::/64"], address: [10.77.0.1, "fd00:b::1"] } }
namespaces:
  db:
    container: { path: /run/netns/theirs, netns: true }
    interfaces: { eth1: { bridge: lan }, lo: { address: 192.0.2.9/32 } }
    sysctls: { net.ipv4.tcp_timestamps: 0 }
    nat: [{ masquerade: 10.77.0.0/24, out: eth1 }]
    routes: [{ to: 203.0.113.0/24, via: 10.77.0.1 }]
`;

test('a run that is killed leaves a container as it was after the next one', () =>
  withMachine(async (m) => {
    await m.must(CONTAINER);
    await m.sh('cat >/run/big.yaml', { input: BIG });
    const before = await m.snapshot();
    await runNetform(m, ['apply', '/run/big.yaml', '--yes']);
    const applied = await m.snapshot();
    expect(await m.must('ip netns exec theirs nft list tables; ip -n theirs address show lo')).toMatch(
      /netform_big[\s\S]*192\.0\.2\.9/,
    );
    await runNetform(m, ['destroy', 'big', '--yes']);
    expect(await m.snapshot()).toBe(before);
    for (const after of [0, 0.03, 0.08]) {
      await interrupt(m, 'apply /run/big.yaml --yes', { signal: 'KILL', after });
      await runNetform(m, ['rollback']);
      expect(await m.snapshot()).toBe((await m.netform(['show', 'big'])).code === 0 ? applied : before);
      await runNetform(m, ['apply', '/run/big.yaml', '--yes']);
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'big', '--yes']);
      expect(await m.snapshot()).toBe(before);
    }
  }));

test.each([
  ['pid:1', 'its network is that of this machine'],
  ['path:/run/netns/other', 'its network is a namespace of the lab other'],
  ['path:/etc/passwd', '/etc/passwd is not a network namespace'],
])('%s is not a container: %s', (container, why) =>
  withMachine(async (m) => {
    await apply(m, 'version: 1\nname: other\nnamespaces: { other: {} }\n');
    const before = await m.snapshot();
    const { stderr } = await apply(m, labWith(container), 3);
    expect(stderr).toContain(why);
    expect(await m.snapshot()).toBe(before);
  }),
);

test('one network has one name in a lab', () =>
  withMachine(async (m) => {
    await m.must(CONTAINER);
    const lab = `${labWith('path:/run/netns/theirs')}  second: { container: "pid:${(await m.must('cat /run/pid')).trim()}" }\n`;
    expect((await apply(m, lab, 3)).stderr).toMatch(/second cannot be pid:\d+: it has the same network as db/);
    await apply(m, labWith('path:/run/netns/theirs'));
    const moved = await plan(m, labWith('pid:1'), 3);
    expect(moved.stderr).toContain('db is pid:1 now, and was path:/run/netns/theirs');
  }));
