import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unbound } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const FILE = 'topologies/programs/cluster-dns.yaml';

const dig = async (m: Machine, ...question: readonly string[]): Promise<readonly string[]> =>
  (await m.must(`ip netns exec web dig +short ${question.join(' ')}`)).trim().split('\n').filter(Boolean).toSorted();

const hosts = async (m: Machine, from: string, name: string): Promise<string> =>
  (await m.sh(`ip netns exec ${from} getent ahosts ${name}`)).stdout;

async function answersAsInACluster(m: Machine): Promise<void> {
  const [db4 = ''] = await dig(m, 'A', 'db.payroll.svc.cluster.local');
  const [db6 = ''] = await dig(m, 'AAAA', 'db.payroll.svc.cluster.local');
  expect([db4, db6]).toEqual([expect.stringMatching(/^10\.96\./), expect.stringMatching(/^fd00:96::/)]);
  // By its short name in its own project alone.
  expect(await hosts(m, 'db-1', 'db')).toContain(db4);
  expect(await hosts(m, 'web', 'db')).toBe('');
  expect(await hosts(m, 'web', 'db.payroll')).toContain(db6);
  expect(await dig(m, 'SRV', '_sql._tcp.db.payroll.svc.cluster.local')).toEqual([
    '0 100 5432 db.payroll.svc.cluster.local.',
  ]);
  expect(await dig(m, '-x', db4)).toEqual(['db.payroll.svc.cluster.local.']);
  // A headless service has one name for all endpoints, one for each, and their ports.
  expect(await dig(m, '+search', 'peers')).toEqual(['10.62.0.21', '10.62.0.22']);
  expect(await dig(m, 'AAAA', 'fd00-62--21.peers.default.svc.cluster.local')).toEqual(['fd00:62::21']);
  expect(await dig(m, '+search', 'member-2.peers')).toEqual(['10.62.0.22']);
  expect(await dig(m, 'SRV', '_gossip._tcp.peers.default.svc.cluster.local')).toContain(
    '0 100 7001 10-62-0-21.peers.default.svc.cluster.local.',
  );
  // Pods by their addresses, in their project.
  expect(await dig(m, '10-62-0-11.payroll.pod.cluster.local')).toEqual(['10.62.0.11']);
  expect(await dig(m, '10-62-0-11.default.pod.cluster.local')).toEqual([]);
  expect(await m.must('ip netns exec web curl -s -m5 http://db.payroll:5432/')).toContain('Name: db-1');
}

test('services and pods have the names of a cluster, in both families, and keep them over a change', () =>
  withMachine(async (m) => {
    await runNetform(m, ['apply', FILE]);
    expect((await runNetform(m, ['plan', FILE])).stdout).toMatch(/Nothing to do\.$/m);
    expect(await m.must('cat /etc/netns/db-1/resolv.conf')).toContain(
      'search payroll.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5',
    );
    await answersAsInACluster(m);
    // Another endpoint is another address of a name: the server only reads it.
    const more = readFileSync(`${repository}${FILE}`, 'utf8').replace('"member-{1..2}"', '"member-{1..3}"');
    const changed = await runNetform(m, ['apply', '-'], { input: more });
    expect(changed.stdout).toContain('member-3');
    expect(await dig(m, '+search', 'peers')).toEqual(['10.62.0.21', '10.62.0.22', '10.62.0.23']);
    await runNetform(m, ['destroy', 'cluster-dns', '--yes']);
  }));

test.skipIf(unbound.missing !== null)(`unbound answers the same (${unbound.missing ?? 'real'})`, () =>
  withMachine(async (m) => {
    await unbound.install(m);
    const input = readFileSync(`${repository}${FILE}`, 'utf8').replace(
      '{ names: true }',
      '{ names: true, engine: unbound }',
    );
    await runNetform(m, ['apply', '-'], { input });
    await answersAsInACluster(m);
    await runNetform(m, ['destroy', 'cluster-dns', '--yes']);
  }),
);
