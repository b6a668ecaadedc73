import { type LabPart, pick } from './part.ts';

const FILE = '/etc/living/app.conf';

/** Programs in some namespaces, and sometimes on the machine: with files, ports, users, orders and signs of life. */
export const programs: LabPart = {
  name: 'programs',
  add: (lab, dice) => {
    const names = Object.keys(lab.namespaces);
    const chosen = [...new Set([pick(dice, names), pick(dice, names), pick(dice, names)])].flatMap((one) => one ?? []);
    for (const netns of chosen) {
      const hasFile = dice.often(50);
      const port = dice.one([7001, 7002]);
      const first = dice.one<unknown>([
        'sleep 1d',
        { command: ['sh', '-c', 'echo up; exec sleep 1d'], env: { MODE: dice.one(['a', 'b']), API_TOKEN: 'hidden' } },
        { command: `ncat --listen --keep-open ${port}`, ports: [port] },
        { command: ['sh', '-c', 'sleep 1d & touch /tmp/ready; wait'], ready: '/tmp/ready' },
        { command: 'sleep 1d', user: dice.one(['nobody', 'daemon']), workdir: '/usr' },
        ...(hasFile ? [{ command: 'sleep 1d', ready: { command: `test -e ${FILE}` } }] : []),
      ]);
      const second = dice.often(40) ? { second: { command: 'sleep 1d', after: 'first' } } : {};
      const file = { [FILE]: { content: dice.one(['one\n', 'two\n']), mode: dice.one(['0644', '0600']) } };
      Object.assign(lab.namespaces[netns] ?? {}, {
        run: { first, ...second },
        ...(hasFile ? { files: file } : {}),
      });
    }
    if (dice.often(30)) Object.assign(lab.host, { run: { clock: 'sleep 1d' } });
    return chosen.length > 0;
  },
};
