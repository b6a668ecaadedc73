import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: pair
bridges: { sw: { subnet: 10.7.0.0/24, address: 10.7.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } }, routes: [{ to: 10.9.0.0/16, via: 10.7.0.1 }] }
  blue: { interfaces: { eth0: { bridge: sw } } }
`;

const netform = `${process.execPath} ${repository}bin/run.js`;
const inside = { cwd: '/run/work' };

/** Started in the background: its output in `file`, its end in `file.code`. */
const start = async (m: Machine, command: string, file: string): Promise<void> => {
  m.start([
    'sh',
    '-c',
    `cd /run/work; ${netform} ${command} > ${file} 2>&1 & echo $! > ${file}.pid; wait $!; echo $? > ${file}.code`,
  ]);
  await waitFor(m, `[ -s ${file}.pid ]`);
};

const waitFor = (m: Machine, condition: string) =>
  m.must(`for i in $(seq 200); do ${condition} && exit 0; sleep 0.05; done; tail /run/*.out; exit 1`);

const stop = async (m: Machine, file: string): Promise<string> => {
  await m.must(`kill -INT $(cat ${file}.pid)`);
  await waitFor(m, `[ -s ${file}.code ]`);
  return (await m.must(`cat ${file}.code`)).trim();
};

type Event = { readonly [key: string]: unknown };

const eventsIn = async (m: Machine, file: string): Promise<readonly Event[]> =>
  (await m.must(`cat ${file}`))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('events and show --watch tell what happens to a lab, whose it is, and end well', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/work');
    await m.sh('cat > /run/work/topology.yaml', { input: LAB });
    await start(m, 'events', '/run/events.out');
    await m.must('ip netns add other && ip link add elsewhere type bridge && sleep 1');
    expect((await m.netform(['apply'], inside)).code).toBe(0);
    await start(m, 'show pair --watch', '/run/show.out');
    await start(m, 'events pair --json', '/run/pair.out');
    await start(m, 'events pair --text', '/run/text.out');
    await waitFor(m, 'grep -q 13.resources /run/show.out && grep -q blue /run/pair.out && grep -q blue /run/text.out');

    expect((await m.netform(['link', 'down', 'red:eth0'])).code).toBe(0);
    await waitFor(m, 'grep -q missing /run/show.out && grep -q removed /run/pair.out');
    expect((await m.netform(['apply'], inside)).code).toBe(0);
    await m.must('ip -n red addr add 10.66.0.1/24 dev eth0');
    await waitFor(m, 'grep -q 10.66 /run/show.out && grep -q 10.66 /run/pair.out');
    expect((await m.netform(['destroy', 'pair', '--yes'])).stderr, 'nobody is in the way').toBe('');
    await waitFor(m, `[ -s /run/show.out.code ] && grep -q 'gone.*netns:blue' /run/events.out`);

    const ended = ['/run/events.out', '/run/pair.out', '/run/text.out'].map((file) => stop(m, file));
    expect(await Promise.all(ended)).toEqual(['0', '0', '0']);
    const text = await m.must('cat /run/text.out');
    expect(text, 'M20').toMatch(/^\d\d:\d\d:\d\d {2}red {7}eth0 down/m);
    expect(text).toMatch(/^\d\d:\d\d:\d\d {2}red {7}eth0 10\.66\.0\.1\/24 added, unmanaged$/m);
    expect(await m.must('cat /run/show.out.code; tail -1 /run/show.out')).toBe(
      '0\nnetform: the lab pair is not on this machine any more\n',
    );
    const events = await eventsIn(m, '/run/pair.out');
    const about = (name: string, event: string) =>
      events.find((one) => one['namespace'] === 'red' && one['name'] === name && one['event'] === event);
    expect(about('eth0', 'changed')).toMatchObject({
      ...{ version: 1, lab: 'pair', id: 'veth:red/eth0', foreign: false, what: 'link' },
      ...{ changes: { up: [true, false], carrier: [true, false] }, time: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(about('10.9.0.0/16', 'removed')).toMatchObject({ id: 'route:red/main/10.9.0.0/16', foreign: false });
    expect(about('10.9.0.0/16', 'added')).toMatchObject({ id: 'route:red/main/10.9.0.0/16' });
    expect(about('10.66.0.1/24', 'added')).toMatchObject({ id: null, foreign: true, lab: 'pair', dev: 'eth0' });

    const all = await eventsIn(m, '/run/events.out');
    const first = all
      .filter(({ event }) => event === 'watched' || event === 'gone')
      .map(({ id, event }) => `${event} ${id}`);
    expect(first).toEqual(['watched netns:blue', 'watched netns:red', 'gone netns:blue', 'gone netns:red']);
    expect(
      all.filter(({ name }) => name === 'elsewhere'),
      'of no lab',
    ).toEqual([]);
    expect(all.find(({ name, event }) => name === 'sw' && event === 'added')).toMatchObject({ id: 'bridge:host/sw' });
    expect(all.find(({ name, event }) => name === '10.7.0.2/24' && event === 'added')).toMatchObject({
      id: 'address:red/eth0',
    });
  }));
