import { existsSync } from 'node:fs';
import { type DraftLab, type LabPart, lanEnds, pick } from './part.ts';

/** Whether the machine has WireGuard in user space (test/support/fetched-programs.ts lays it over its /usr). */
export const hasWireguard = (): boolean => existsSync('/usr/bin/wireguard-go');

/** A tunnel between two namespaces of one LAN, or of none; with networks behind it, a port, a mark. */
export const wireguard: LabPart = {
  name: 'wireguard',
  add: (lab, dice) => {
    const names = [...new Set([...lanEnds(lab).map(({ netns }) => netns), ...Object.keys(lab.namespaces)])];
    const [one, other] = [pick(dice, names), pick(dice, names)];
    if (one === null || other === null || one === other) return false;
    const port = dice.one([51820, 51821]);
    const isNarrow = [one, other].some((name) => hasNarrowLan(lab, name));
    const end = (to: string, nth: number, more: object) => ({
      wireguard: {
        ...(dice.often(70) ? { listenPort: port + nth } : {}),
        ...(dice.often(20) ? { fwmark: 51820 } : {}),
        peers: [{ to: `${to}:wg0`, endpoint: `192.0.2.${nth + 1}:51820`, ...more }],
      },
      address: [`10.76.0.${nth + 1}/24`, ...(!isNarrow && dice.often(50) ? [`fd00:76::${nth + 1}/64`] : [])],
      gateway: false,
      ...(dice.often(15) ? { state: 'down' } : {}),
      ...(dice.often(15) ? { mtu: 1300 } : {}),
    });
    const behind = dice.often(40) ? { allowedIPs: ['10.76.0.2/32', '10.77.0.0/24'] } : {};
    const [near, far] = [lab.namespaces[one]?.interfaces, lab.namespaces[other]?.interfaces];
    if (near === undefined || far === undefined) return false;
    near['wg0'] = end(other, 0, { ...behind, ...(dice.often(30) ? { keepalive: '25s' } : {}) });
    far['wg0'] = end(one, 1, {});
    return true;
  },
};

/** Whether the way out of a namespace is too narrow for IPv6 in a tunnel: 1280 bytes, and 80 of headers. */
function hasNarrowLan({ namespaces, bridges }: DraftLab, netns: string): boolean {
  const isNarrow = (value: unknown): boolean => Object(value).mtu < 1280 + 80;
  return Object.values(namespaces[netns]?.interfaces ?? {}).some(
    (value) => isNarrow(value) || isNarrow(bridges[Object(value).bridge]),
  );
}
