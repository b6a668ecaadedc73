import { shellWord } from '../model/values/shell-word.ts';

/** A command of several parts; parts that are null are left out. */
export const shellCommand = (...parts: readonly (string | number | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' ');

/** `ip`, or `ip -n red` inside a namespace. */
export const ipCommand = (netns: string): string => (netns === 'host' ? 'ip' : `ip -n ${shellWord(netns)}`);

/** Any other program: bare on the host, `ip netns exec red` inside a namespace. */
export const netnsCommand = (netns: string, program: string): string =>
  netns === 'host' ? program : `ip netns exec ${shellWord(netns)} ${program}`;

/** `proto 78`; null for RTPROT_UNSPEC of linux/rtnetlink.h, which leaves the choice to `ip`. */
export const protocolOption = (word: 'proto' | 'protocol', protocol: number): string | null =>
  protocol === 0 ? null : `${word} ${protocol}`;

/** A command that reads `text`, which ends with a newline, from a here-document that is taken literally. */
export function hereDocument(program: string, text: string): readonly string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  let end = 'EOF';
  while (lines.includes(end)) end = `${end}_`;
  return [`${program} <<'${end}'`, ...lines, end];
}

/** `bridge`, in a namespace. */
export const bridgeCommand = (netns: string): string => (netns === 'host' ? 'bridge' : `bridge -n ${shellWord(netns)}`);
