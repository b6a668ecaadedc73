import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openVswitch } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { CASES } from './policies/cases.ts';
import { labOf, OUTSIDE, PODS, PROJECTS } from './policies/lab.ts';
import { type Packet, type Pod, type Policy, passes } from './policies/oracle.ts';
import { runNetform } from './run-netform.ts';

const PATIENT_MS = 15_000;
/** What is not to pass is dropped: an answer would be there within a millisecond or two. */
const SHORT_MS = 250;

const everyone: readonly Pod[] = [...PODS, OUTSIDE];

/** All that one pod can ask of the others. */
const packetsFrom = (from: Pod, families: readonly (0 | 1)[]): readonly Packet[] =>
  everyone
    .filter((to) => to !== from)
    .flatMap((to) =>
      families.flatMap((family) =>
        Object.values(to.ports).map(([protocol, port]): Packet => ({ from, to, family, protocol, port })),
      ),
    );

const packetText = ({ from, to, family, protocol, port }: Packet): string =>
  `${from.name} to ${to.name} ${to.addresses[family]} ${port}/${protocol}`;

/** The packets that were answered, and those that the rules let pass. */
async function compare(m: Machine, policies: readonly Policy[], families: readonly (0 | 1)[]) {
  const asked = await Promise.all(
    everyone.map(async (from) => {
      const packets = packetsFrom(from, families).map((packet) => ({
        packet,
        isFine: passes(packet, policies, PROJECTS),
      }));
      const lines = packets.map(
        ({ packet: { to, family, protocol, port }, isFine }) =>
          `${protocol} ${to.addresses[family]} ${port} ${isFine ? PATIENT_MS : SHORT_MS}`,
      );
      const ask = `perl ${join(repository, 'test/support/reach.pl')}`;
      const said = await m.must(
        `printf '${lines.join('\\n')}\\n' >/run/ask.${from.name}; ip netns exec ${from.name} ${ask} /run/ask.${from.name}`,
      );
      const answered = new Set(said.trim().split(' ').filter(Boolean).map(Number));
      return packets.map(({ packet, isFine }, i) => ({
        text: packetText(packet),
        isFine,
        isAnswered: answered.has(i),
      }));
    }),
  );
  const all = asked.flat();
  return {
    found: all.filter(({ isAnswered }) => isAnswered).map(({ text }) => text),
    expected: all.filter(({ isFine }) => isFine).map(({ text }) => text),
  };
}

test('policies let pass what NetworkPolicy lets pass: every case, all pairs, TCP and UDP, allowed and denied', () =>
  withMachine(async (m) => {
    let denied = 0;
    for (const [nth, [shows, policies]] of Object.entries(CASES).entries()) {
      await runNetform(m, ['apply', '-', '--yes'], { input: labOf(policies) });
      // Every third case in IPv6, too, which has maps of its own.
      const families = nth % 3 === 0 || shows.includes('IPv6') ? ([0, 1] as const) : ([0] as const);
      const { found, expected } = await compare(m, Object.values(policies), families);
      expect(found, shows).toEqual(expected);
      denied += everyone.flatMap((one) => packetsFrom(one, families)).length - expected.length;
    }
    expect(Object.keys(CASES).length).toBeGreaterThan(40);
    expect(denied).toBeGreaterThan(1000);
    await runNetform(m, ['destroy', 'policed', '--yes']);
  }));

const FILE = 'topologies/programs/policies.yaml';

/** Who answers at an address. */
const answersAt = (m: Machine, from: string, url: string): Promise<string | null> => ask(m, [from, url], 10);

/** The same where nothing is to come back, which is then null. */
const reaches = (m: Machine, from: string, url: string): Promise<string | null> => ask(m, [from, url], 0.4);

const ask = async (m: Machine, [from, url]: readonly [string, string], seconds: number): Promise<string | null> =>
  /^Name: (.*)$/m.exec((await m.sh(`ip netns exec ${from} curl -sg -m${seconds} '${url}'`)).stdout)?.[1] ?? null;

async function isPoliced(m: Machine): Promise<void> {
  for (const [web, db, api, far] of [
    ['10.66.0.10', '10.66.0.20', '10.66.0.30', '10.67.0.2'],
    ['[fd00:66::10]', '[fd00:66::20]', '[fd00:66::30]', '[fd00:67::2]'],
  ] as const) {
    expect(await answersAt(m, 'api', `http://${db}:5432/`)).toBe('db');
    expect(await reaches(m, 'web', `http://${db}:5432/`)).toBeNull();
    expect(await answersAt(m, 'web', `http://${api}/`)).toBe('api');
    expect(await reaches(m, 'web', `http://${far}/`)).toBeNull();
    expect(await answersAt(m, 'api', `http://${far}/`)).toBe('far');
    expect(await reaches(m, 'far', `http://${api}/`)).toBeNull();
    // What comes in is not isolated, and its replies pass.
    expect(await answersAt(m, 'api', `http://${web}/`)).toBe('web');
    const plain = (text: string) => text.replace(/[[\]]/g, '');
    expect(await silent(m, 'web', plain(db))).toBe(true);
    expect(await silent(m, 'api', plain(db))).toBe(true);
    expect(await pings(m, 'db', plain(api))).toBe(true);
    // The node itself.
    expect(await pings(m, 'host', plain(db))).toBe(true);
    expect(await pings(m, 'host', plain(far))).toBe(true);
  }
  // A namespace is not kept from itself, not even through its own service.
  expect(await answersAt(m, 'db', 'http://sql:5432/')).toBe('db');
  // After the address of a service was translated.
  expect(await answersAt(m, 'api', 'http://sql:5432/')).toBe('db');
  expect(await reaches(m, 'web', 'http://sql:5432/')).toBeNull();
}

/** Whether a plan says that something passes afterwards that does not now. */
const opens = async (m: Machine, input: string): Promise<boolean> =>
  JSON.parse((await runNetform(m, ['plan', '-', '--json'], { input })).stdout).risk.opens;

test('policies hold on a bridge, through a service and behind a cable, and are healed', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    await runNetform(m, ['apply', FILE]);
    expect((await runNetform(m, ['plan', FILE])).stdout).toMatch(/Nothing to do\.$/m);
    expect(await m.must('ip -d link show lan')).toContain('nf_call_iptables 1');
    await isPoliced(m);
    // A table that was emptied by hand is drift, and so is a bridge whose frames no longer pass.
    await m.must('nft flush chain inet netform_policies pass; ip link set lan type bridge nf_call_iptables 0');
    expect((await runNetform(m, ['plan', FILE, '--exit-code'], { code: 10 })).stdout).toContain('netfilter');
    await runNetform(m, ['apply', FILE]);
    await isPoliced(m);
    const wider = readFileSync(`${repository}${FILE}`, 'utf8').replace(
      '{ app: api }, ports: [sql] }',
      '[{ app: api }, { app: web }] }',
    );
    expect(await opens(m, wider)).toBe(true);
    expect(await opens(m, `${wider}`.replace(/^ {2}db: .*$/m, '  db: { select: { app: db }, ingress: [] }'))).toBe(
      false,
    );
    const without = readFileSync(`${repository}${FILE}`, 'utf8').replace(/^(?:services|policies):[\s\S]*/m, '');
    expect(await opens(m, without)).toBe(true);
    await runNetform(m, ['apply', '-'], { input: without });
    expect(await m.must('ip -d link show lan')).toContain('nf_call_iptables 0');
    expect(await answersAt(m, 'web', 'http://10.66.0.20:5432/')).toBe('db');
    await runNetform(m, ['destroy', 'policies', '--yes']);
    expect(await m.snapshot()).toBe(before);
    await isPolicedBehindRouter(m);
    expect(await m.snapshot()).toBe(before);
  }));

/** The bridge is the machine's, and another namespace translates: frames to a service cross the bridge twice. */
const ROUTED = `version: 1
name: routed
bridges: { lan: { subnet: [10.68.0.0/24, "fd00:68::/64"], gateway: router } }
namespaces:
  router:
    forwarding: true
    interfaces: { eth0: { bridge: lan, address: [10.68.0.1, "fd00:68::1"] } }
  web: { labels: { app: web }, interfaces: { eth0: { bridge: lan } }, answers: { http: 80 } }
  api: { labels: { app: api }, interfaces: { eth0: { bridge: lan } } }
  db: { labels: { app: db }, interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 } }
services:
  sql: { to: { app: db }, ports: { sql: 5432 }, clusterIP: [10.96.0.20, "fd00:96::20"] }
  site: { to: { app: web }, ports: { http: 80 }, clusterIP: [10.96.0.30, "fd00:96::30"] }
policies:
  db: { select: { app: db }, ingress: [{ from: { app: api }, ports: [sql] }], egress: [{ to: { app: web } }] }
  api: { select: { app: api }, egress: [{ to: { app: db } }] }
`;

async function isPolicedBehindRouter(m: Machine): Promise<void> {
  await runNetform(m, ['apply', '-', '--yes'], { input: ROUTED });
  for (const [sql, site] of [
    ['10.96.0.20', '10.96.0.30'],
    ['[fd00:96::20]', '[fd00:96::30]'],
  ]) {
    for (const at of [sql, 'db']) {
      expect(await answersAt(m, 'api', `http://${at}:5432/`), at).toBe('db');
      expect(await reaches(m, 'web', `http://${at}:5432/`), at).toBeNull();
    }
    for (const at of [site, 'web']) {
      expect(await answersAt(m, 'db', `http://${at}/`), at).toBe('web');
      expect(await reaches(m, 'api', `http://${at}/`), at).toBeNull();
    }
  }
  await runNetform(m, ['destroy', 'routed', '--yes']);
}

test('what a new policy isolates is never open for a moment', () =>
  withMachine(async (m) => {
    const text = readFileSync(`${repository}${FILE}`, 'utf8');
    const early = text
      .replace(/^ {2}db:\n(?: {4}.*\n)*/m, '')
      .replace(/^ {2}sql: .*\n/m, '')
      .replace('services:\n', '');
    await runNetform(m, ['apply', '-'], { input: early });
    const knock =
      'while [ ! -e /run/enough ]; do timeout 0.2 bash --norc -c "exec 3<>/dev/tcp/10.66.0.20/5432" && echo open; done';
    const knocking = m.sh(`ip netns exec web sh -c '${knock}' 2>/dev/null`);
    await runNetform(m, ['apply', FILE]);
    expect(await answersAt(m, 'api', 'http://10.66.0.20:5432/')).toBe('db');
    await m.must('touch /run/enough');
    expect((await knocking).stdout).toBe('');
    await runNetform(m, ['destroy', 'policies', '--yes']);
  }));

/** On an Open vSwitch, whose frames netfilter never sees: the namespaces themselves filter. */
test.skipIf(openVswitch.missing !== null)(`policies on Open vSwitch (${openVswitch.missing ?? 'real'})`, () =>
  withMachine(async (m) => {
    await openVswitch.install(m);
    for (const shows of ['neither', 'AND within a peer', 'ports of both protocols', 'OR between policies'] as const) {
      const policies = CASES[shows] ?? {};
      await runNetform(m, ['apply', '-', '--yes'], { input: labOf(policies, 'ovs') });
      const { found, expected } = await compare(m, Object.values(policies), [0, 1]);
      expect(found, shows).toEqual(expected);
    }
    await runNetform(m, ['destroy', 'policed', '--yes']);
    const input = readFileSync(`${repository}${FILE}`, 'utf8').replace('lan: { ', 'lan: { kind: ovs, ');
    await runNetform(m, ['apply', '-', '--yes'], { input });
    await isPoliced(m);
    await runNetform(m, ['destroy', 'policies', '--yes']);
  }),
);

const PLUGINS = `version: 1
name: plugged
cni:
  pods:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        bridge: pods0
        isGateway: true
        hairpinMode: true
        ipam: { type: host-local, ranges: [[{ subnet: 10.23.0.0/24 }], [{ subnet: "fd00:23::/64" }]], routes: [{ dst: 0.0.0.0/0 }, { dst: "::/0" }] }
namespaces:
  web: { labels: { app: web }, interfaces: { eth0: { cni: pods, args: { ips: [10.23.0.10, "fd00:23::10"] } } }, answers: { http: 80 } }
  api: { labels: { app: api }, interfaces: { eth0: { cni: pods, args: { ips: [10.23.0.20, "fd00:23::20"] } } } }
  db: { labels: { app: db }, interfaces: { eth0: { cni: pods } }, answers: { sql: 5432 } }
services:
  sql: { to: { app: db }, ports: { sql: 5432 } }
  site: { to: { app: web }, ports: { http: 80 } }
policies:
  db: { select: { app: db }, ingress: [{ from: { app: api }, ports: [sql] }], egress: [{ to: { app: web } }] }
  api: { select: { app: api }, egress: [{ to: { app: db } }] }
`;

test("policies hold on a plugin's bridge, through a service, and are healed", () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const applied = await runNetform(m, ['apply', '-', '--yes'], { input: PLUGINS });
    expect(applied.stderr).not.toContain('NF2210');
    const addresses = JSON.parse(await m.must('ip -j -n db address show eth0'))[0].addr_info;
    const of = (family: string) =>
      addresses.find((one: { family: string; scope: string }) => one.family === family && one.scope === 'global').local;
    const holds = async () => {
      for (const at of [of('inet'), `[${of('inet6')}]`, 'sql']) {
        expect(await answersAt(m, 'api', `http://${at}:5432/`), at).toBe('db');
        expect(await reaches(m, 'web', `http://${at}:5432/`), at).toBeNull();
      }
      for (const at of ['10.23.0.10', '[fd00:23::10]', 'site']) {
        expect(await answersAt(m, 'db', `http://${at}/`), at).toBe('web');
        expect(await reaches(m, 'api', `http://${at}/`), at).toBeNull();
      }
      expect(await silent(m, 'web', of('inet'))).toBe(true);
      expect(await pings(m, 'web', '10.23.0.20')).toBe(true);
    };
    await holds();
    expect(await answersAt(m, 'db', 'http://sql:5432/'), 'itself through its service').toBe('db');
    await m.must('ip netns exec db nft flush ruleset');
    await runNetform(m, ['plan', '-', '--exit-code'], { input: PLUGINS, code: 10 });
    await runNetform(m, ['apply', '-', '--yes'], { input: PLUGINS });
    await holds();
    await runNetform(m, ['destroy', 'plugged', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));
