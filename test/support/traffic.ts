import type { Machine } from './machine.ts';
import { repository } from './machine.ts';

/** Whether an echo comes back. `from` is `host` or a namespace; `to` an address or a name. */
export const pings = async (m: Machine, from: string, to: string): Promise<boolean> =>
  (await ping(m, [from, to], 4)) === 0;

/** Whether ping says that nothing came back within a second, or that there is no way. */
export const silent = async (m: Machine, from: string, to: string): Promise<boolean> =>
  [1, 2].includes(await ping(m, [from, to], 1));

const ping = async (m: Machine, [from, to]: readonly [string, string], seconds: number): Promise<number> =>
  (await m.sh(`${inside(from)} ping -n -c1 -W${seconds} ${to}`)).code;

export type Service = {
  readonly netns: string;
  readonly port: number;
  /** All addresses of both families when absent. */
  readonly address?: string;
};

/** While `body` runs, `netns` answers on the port, over TCP and UDP, with `<netns> <address of the client>`. */
export async function serving<T>(m: Machine, service: Service, body: () => Promise<T>): Promise<T> {
  const { netns, port, address = '::' } = service;
  const argv = ['perl', `${repository}test/support/server.pl`, netns, String(port), address];
  const server = m.start(['sh', '-c', `exec ${inside(netns)} "$@"`, 'server', ...argv]);
  try {
    await new Promise<void>((resolve, reject) => {
      let errors = '';
      server.stderr?.on('data', (chunk) => {
        errors += chunk;
      });
      server.stdout?.once('data', () => resolve());
      server.once('exit', (code) => reject(new Error(`the server in ${netns} ended with ${code}: ${errors}`)));
    });
    return await body();
  } finally {
    const gone = new Promise((resolve) => server.once('close', resolve));
    server.stdin?.end();
    await gone;
  }
}

export type Target = {
  readonly to: string;
  readonly port: number;
  /** How long an answer is waited for: long on a busy machine, short where none is expected. */
  readonly patienceMs?: number;
};

/** What a server answers over TCP; empty when nothing does. */
export const tcp = (m: Machine, from: string, target: Target): Promise<string> => ask(m, from, ['tcp', target]);

/** What a server answers over UDP; empty when nothing does. */
export const udp = (m: Machine, from: string, target: Target): Promise<string> => ask(m, from, ['udp', target]);

async function ask(m: Machine, from: string, question: readonly ['tcp' | 'udp', Target]): Promise<string> {
  const [protocol, { to, port, patienceMs = 8000 }] = question;
  const client = `perl ${repository}test/support/client.pl`;
  return (await m.sh(`${inside(from)} ${client} ${protocol} ${to} ${port} ${patienceMs}`)).stdout.trim();
}

/** The addresses that a name has for programs of a namespace (hosts file, then DNS, as its nsswitch says), sorted. */
export async function resolves(m: Machine, netns: string, name: string): Promise<readonly string[]> {
  const { stdout } = await m.sh(`timeout 5 ${inside(netns)} getent ahosts ${name}`);
  return [...new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''))].filter((each) => each !== '').sort();
}

/** As a user types it: with the namespace's own /etc/hosts and resolv.conf. */
const inside = (netns: string): string => (netns === 'host' ? '' : `ip netns exec ${netns}`);
