import { type Machine, repository } from './machine.ts';

/** A program that attaches to a link, with a network behind it: the namespace `vm`, with one address on `guest0`. */
export type Guest = {
  readonly mode: 'tap' | 'tun' | 'macvtap';
  readonly link: string;
  /** Left out: the machine. */
  readonly netns?: string;
  readonly address: string;
};

/** Runs `body` while a guest is attached. Its default route leads to the link. */
export async function withGuest(m: Machine, guest: Guest, body: () => Promise<void>): Promise<void> {
  const { mode, link, netns, address } = guest;
  const prefix = mode === 'tun' ? address : `${address}/${address.includes(':') ? 64 : 24}`;
  const at = netns === undefined ? 'ip' : `ip -n ${netns}`;
  await m.must('ip netns add vm');
  const words = ['perl', `${repository}test/support/guest.pl`, mode, link, 'vm'];
  const program = m.start(netns === undefined ? words : ['ip', 'netns', 'exec', netns, ...words]);
  const gone = new Promise((resolve) => program.once('close', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      let errors = '';
      program.stderr?.on('data', (chunk) => {
        errors += chunk;
      });
      program.stdout?.once('data', () => resolve());
      program.once('exit', (code) => reject(new Error(`the guest of ${link} ended with ${code}: ${errors}`)));
    });
    if (mode === 'macvtap') {
      const mac = (await m.must(`${at} -br link show ${link}`)).match(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/)?.[0];
      // What the guest asks to hear (IPv6 neighbours) is not known to the link, which filters multicast.
      await m.must(`ip -n vm link set dev guest0 address ${mac} && ${at} link set dev ${link} allmulticast on`);
    }
    await m.must(`ip -n vm addr add ${prefix} dev guest0 nodad && ip -n vm link set dev guest0 up`);
    if (mode === 'tun') await m.must(`ip -n vm ${address.includes(':') ? '-6' : '-4'} route add default dev guest0`);
    await body();
  } finally {
    if (mode === 'macvtap') await m.must(`${at} link set dev ${link} allmulticast off`);
    program.stdin?.end();
    await gone;
    await m.must('ip netns delete vm; rm -f /run/tap.*');
  }
}
