import type { Machine } from './machine.ts';

/** `wg` where it finds the socket of a link of a lab. */
export const wg = (m: Machine, at: WireguardPlace, words: string): Promise<string> =>
  m.must(`nsenter -t $(cat ${pidFile(at)}) -m -n wg ${words}`);

/** A link of a lab, which is called wg0. */
export type WireguardPlace = { readonly lab: string; readonly netns: string };

/** The file with the number of the process that makes it. */
export const pidFile = ({ lab, netns }: WireguardPlace): string =>
  `/run/netform/labs/${lab}/.processes/${netns}.wireguard-go-wg0/pid`;
