import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';
import { haproxy } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: red-blue
vars: { subnet: 10.7.0.0/24 }
bridges: { sw: { subnet: "\${subnet}" } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } } }
  blue: { interfaces: { eth0: { bridge: sw } } }
`;

/** What an example may end with besides 0. */
const MAY_END: { readonly [command: string]: readonly number[] } = {
  plan: [10],
  fmt: [6],
  ca: haproxy.missing === null ? [] : [2],
};

/** What is done before each example of a command, or before one line. */
const UNCONFIRMED = 'netform rollback >/dev/null; netform destroy red-blue --yes; netform apply --confirm 60s';
const UNRECORDED = `netform rollback; netform destroy red-blue --yes
netform apply --yes && rm -r /var/lib/netform/red-blue`;
const RUNNING = `echo '{ version: 1, name: web, namespaces: { web: { run: { http: { command: [sh, -c, "echo up; exec sleep 1d"] } } } } }' > topology.yaml
netform apply --yes`;
/** A network for commands of CNI, in the folder of container runtimes and here, and a namespace. */
const NETWORK = JSON.stringify({
  cniVersion: '1.0.0',
  name: 'mynet',
  plugins: [{ type: 'bridge', bridge: 'cni0', ipam: { type: 'host-local', ranges: [[{ subnet: '10.22.0.0/24' }]] } }],
});
const WITH_NETWORK = `mkdir -p /etc/cni/net.d && echo '${NETWORK}' | tee 10-mynet.conflist >/etc/cni/net.d/10-mynet.conflist
ip netns add pod1 2>/dev/null || true`;

const RECONCILED = `mkdir -p /etc/netform/reconcile.d /run/source && echo '{ version: 1, name: web, namespaces: { web: {} } }' >/run/source/web.yaml
printf 'version: 1\\nsource: { folder: /run/source }\\n' | tee lab.yaml >/etc/netform/reconcile.d/lab.yaml; netform reconcile lab || true`;

const BEFORE: { readonly [commandOrLine: string]: string } = {
  apply: 'netform plan lab.yaml -o lab.plan',
  destroy: 'netform apply --yes',
  forget: 'netform apply --yes --adopt',
  confirm: UNCONFIRMED,
  rollback: UNCONFIRMED,
  recover: UNCONFIRMED,
  'netform recover --orphans': UNRECORDED,
  'netform recover --orphans lab.yaml': UNRECORDED,
  logs: RUNNING,
  restart: RUNNING,
  wait: RUNNING,
  rename: 'netform destroy office --yes; netform apply --yes',
  reconcile: RECONCILED,
  'reconcile:approve': `rm -rf /var/lib/netform/.reconcile; ${RECONCILED.replace('name: web', 'name: red-blue').replace('; netform reconcile lab', '; netform apply /run/source/web.yaml --yes; netform reconcile lab')}`,
  'reconcile:now': RECONCILED,
  'reconcile:resume': RECONCILED,
  'reconcile:status': RECONCILED,
  'reconcile:suspend': RECONCILED,
  'cni:add': WITH_NETWORK,
  'cni:check': `${WITH_NETWORK}; netform cni add mynet pod1`,
  'cni:del': `${WITH_NETWORK}; netform cni add mynet pod1`,
  'cni:lint': WITH_NETWORK,
  ca: `${haproxy.overlay}; netform apply ${join(repository, 'topologies/programs/ingress.yaml')} || true`,
  boot: 'netform enable lab.yaml',
  disable: 'netform enable lab.yaml',
  'import:live': 'netform apply --yes',
  'import:script': 'echo "ip netns add red" > lab.sh',
  'import:containerlab': `cp ${join(repository, 'test/import/files/frr.clab.yml')} lab.clab.yml`,
  'import:kubernetes': `cp ${join(repository, 'test/import/manifests/guestbook.yaml')} shop.yaml; cp ${join(repository, 'test/import/manifests/vote.yaml')} namespaces.yaml`,
  'import:compose': `cp ${join(repository, 'test/import/files/shop.compose.yaml')} compose.yaml`,
};

/** What these have to say is a report, on standard error. */
const MAY_BE_SILENT = ['capture', 'completion', 'fmt', 'recover', 'rollback', 'shell'];

/** What they print goes to a file, or there is nothing to annotate. */
const SILENT_LINES = />|--format github/;

/** These go on until Ctrl-C. */
const ENDLESS = /^netform (?:events|show --watch|reconcile lab --watch)/;

/** The lab is there before these. */
const ON_A_LAB = ['capture', 'events', 'exec', 'link', 'list', 'shell', 'show'];

const commands = await Promise.all(
  Object.entries(COMMANDS).map(async ([id, { load }]) => ({ id, about: await load() })),
);

test('every command has examples', () => {
  for (const { id, about } of commands) expect(about.examples?.length, id).toBeGreaterThan(0);
});

for (const { id, about } of commands) {
  test(`the examples of ${id} work as they stand in its help`, () =>
    withMachine(async (m) => {
      await prepare(m, id);
      for (const example of about.examples ?? []) {
        const line = (typeof example === 'string' ? example : example.command)
          .replaceAll('<%= config.bin %>', 'netform')
          .replaceAll('<%= command.id %>', id.replaceAll(':', ' '));
        await m.must(BEFORE[line] ?? BEFORE[id] ?? 'true', inside);
        const ended = await m.sh(runnable(line), inside);
        expect([0, ...(MAY_END[id] ?? [])], `${line}\n${ended.stderr}`).toContain(ended.code);
        const isSilent = SILENT_LINES.test(line) || MAY_BE_SILENT.includes(id);
        expect(ended.stdout === '' && !isSilent, line).toBe(false);
      }
    }));
}

/** As a shell of the test runs it: what goes on until Ctrl-C gets that, what asks gets its answer, and what is for bash gets bash. */
function runnable(line: string): string {
  if (line.startsWith('netform recover --orphans')) return `${line} --yes`;
  if (ENDLESS.test(line)) return `timeout --preserve-status -s INT 2 sh -c 'exec ${line}'`;
  return line.startsWith('eval ') ? `bash --norc -c '${line}'` : line;
}

const inside = { cwd: '/run/work', env: { PATH: `/run/bin:${process.env['PATH']}` } };

/** `netform` as a command, and a folder with topology.yaml and lab.yaml. What is to be shown is applied. */
async function prepare(m: Machine, command: string): Promise<void> {
  await m.must(
    `mkdir -p /run/work /run/bin /etc/bash_completion.d && ln -s ${join(repository, 'bin', 'run.js')} /run/bin/netform`,
  );
  await m.sh('tee /run/work/topology.yaml > /run/work/lab.yaml', { input: LAB });
  if (ON_A_LAB.includes(command)) await m.must('netform apply', inside);
  if (command === 'show') await m.must('netform plan lab.yaml -o lab.plan', inside);
  if (command !== 'capture') return;
  m.start(['ip', 'netns', 'exec', 'red', 'ping', '-n', '-i0.2', '10.7.0.2']);
  await m.must('printf "#!/bin/sh\nexec head -c 24\n" > /run/bin/wireshark && chmod +x /run/bin/wireshark');
}
