import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../../support/machine.ts';
import { createRepository, pair } from './repository.ts';

type Notice = {
  readonly lab: string | null;
  readonly state: string;
  readonly commit: string;
  readonly reason: string | null;
};

const REPORT = `confirm: 0
allow: [file]
report:
  metrics: /run/metrics/netform.prom
  webhook: http://127.0.0.1:8099/hook
  command: [/usr/local/bin/notify, --to, team]
`;

/** A program that keeps what it gets, and a receiver of webhooks that refuses while /run/refuse is there. */
async function startReceivers(m: Machine): Promise<void> {
  await m.must(
    `mkdir -p /run/metrics; mount -t tmpfs notify /usr/local/bin; ip link set lo up
    cat >/usr/local/bin/notify; chmod 755 /usr/local/bin/notify`,
    {
      input: '#!/bin/sh\n{ echo "$NETFORM_STATE $2 $NETFORM_COMMIT"; cat; } >>/run/commanded\n',
    },
  );
  m.start([
    process.execPath,
    '-e',
    `const { appendFileSync, existsSync } = require('node:fs');
    require('node:http').createServer((request, response) => {
      let text = '';
      request.on('data', (part) => { text += part; });
      request.on('end', () => {
        const refuses = existsSync('/run/refuse');
        if (!refuses) appendFileSync('/run/posted', text);
        response.writeHead(refuses ? 503 : 204).end();
      });
    }).listen(8099, '127.0.0.1');`,
  ]);
  await m.must('for n in $(seq 200); do ss -Hltn | grep -q :8099 && exit 0; sleep 0.05; done; exit 1');
}

const posted = async (m: Machine): Promise<readonly Notice[]> =>
  (await m.must('touch /run/posted; cat /run/posted'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test('a change of state is told once to a webhook and a command, again when it was refused, and stands in the metrics', () =>
  withMachine(async (m) => {
    const { commit, settings, reconcile } = await createRepository(m);
    await startReceivers(m);
    await settings(REPORT);
    const secret = 'the words of a key';
    await m.must(`mkdir -p /etc/netform; echo '${secret}' >/etc/netform/key`);
    const good = await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
    await m.must('touch /run/refuse');
    const refused = await m.netform(['reconcile', 'lab']);
    expect(refused.code).toBe(0);
    expect(refused.stderr).toMatch(/the notice about lab pair was not delivered to the webhook: it answered 503/);
    expect(await posted(m)).toEqual([]);
    expect(await m.must('head -n 1 /run/commanded')).toBe(`synced team ${good}\n`);

    // What was refused is told by the next run; the command has had it.
    await m.must('rm /run/refuse');
    await reconcile(0);
    await reconcile(0);
    expect(await posted(m)).toMatchObject([{ lab: 'pair', state: 'synced', commit: good, reason: null }]);
    expect(await m.must('wc -l </run/commanded')).toBe('2\n');
    expect(await m.must('cat /run/metrics/netform.prom')).toContain(
      'netform_lab_in_sync{reconcile="lab",lab="pair"} 1\n',
    );

    const bad = await commit({ 'labs/pair.yaml': pair('10.7.0.10').replace('version: 1', 'version: 1\nroot: x') });
    await reconcile(3);
    await reconcile(3);
    expect((await posted(m)).slice(1)).toMatchObject([
      { lab: 'pair', state: 'refused', commit: bad, reason: 'invalid' },
    ]);
    const metrics = await m.must('cat /run/metrics/netform.prom');
    expect(metrics).toContain('netform_lab_in_sync{reconcile="lab",lab="pair"} 0\n');
    expect(metrics).toContain(`netform_lab_commit_info{reconcile="lab",lab="pair",commit="${good}"} 1\n`);

    // What a file says that a topology is made to name is in no notice.
    await commit({ 'labs/pair.yaml': `${pair('10.7.0.10')}include: [/etc/netform/key]\n` });
    await reconcile(3);
    expect((await posted(m)).slice(2)).toMatchObject([{ lab: 'pair', state: 'refused' }]);
    expect(await m.must('cat /run/posted /run/commanded /run/metrics/netform.prom')).not.toContain(secret);

    // A command that others can write is not run.
    await m.must('chmod 777 /usr/local/bin/notify');
    const again = await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
    const { code, stderr } = await m.netform(['reconcile', 'lab']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('was not delivered to the command: /usr/local/bin/notify can be written by others');
    expect((await posted(m)).at(-1)).toMatchObject({ state: 'synced', commit: again });
  }));
