import type { Machine } from './machine.ts';
import { repository } from './machine.ts';

/** Whether an echo came back within a second. `from` is `host` or a namespace; `to` an address or a name. */
export async function pings(m: Machine, from: string, to: string): Promise<boolean> {
  return (await m.sh(`${inside(from)} ping -n -c1 -W1 ${to}`)).code === 0;
}

export type Service = {
  readonly netns: string;
  readonly port: number;
  /** All addresses of both families when absent. */
  readonly address?: string;
};

/** While `body` runs, `netns` answers on the port, over TCP and UDP, with `<netns> <address of the client>`. */
export async function serving<T>(m: Machine, service: Service, body: () => Promise<T>): Promise<T> {
  const { netns, port, address = '::' } = service;
  const argv = [process.execPath, `${repository}test/support/server.mjs`, netns, String(port), address];
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

/** What a server answers over TCP; empty when nothing answers within two seconds. */
export const tcp = (m: Machine, from: string, target: Target): Promise<string> =>
  ask(m, from, { ...target, flags: '' });

/** What a server answers to one datagram; empty when nothing answers within two seconds. */
export const udp = (m: Machine, from: string, target: Target): Promise<string> =>
  ask(m, from, { ...target, flags: '-u' });

export type Target = { readonly to: string; readonly port: number };

async function ask(m: Machine, from: string, target: Target & { readonly flags: string }): Promise<string> {
  const family = target.to.includes(':') ? '-6' : '-4';
  const { flags, to, port } = target;
  const script = `echo hello | timeout 2 ${inside(from)} ncat ${family} ${flags} -w 1 -i 1 ${to} ${port} 2>/dev/null | head -n1`;
  return (await m.sh(script)).stdout.trim();
}

/** The addresses that a name has for programs of a namespace (hosts file, then DNS, as its nsswitch says), sorted. */
export async function resolves(m: Machine, netns: string, name: string): Promise<readonly string[]> {
  const { stdout } = await m.sh(`timeout 5 ${inside(netns)} getent ahosts ${name}`);
  return [...new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''))].filter((each) => each !== '').sort();
}

/** As a user types it: with the namespace's own /etc/hosts and resolv.conf. */
const inside = (netns: string): string => (netns === 'host' ? '' : `ip netns exec ${netns}`);
