import { unless } from './errno.ts';
import type { MessageInstruction } from './messages.ts';
import { inNetns } from './netns.ts';
import type { Session } from './sessions.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

/**
 * Does what takes IPv4 addresses from links of the machine's own, so that those that others have put behind them stay: with
 * the first of a subnet the kernel deletes the others, unless the link promotes them. It is told to, for that long.
 */
export function keepingSecondaries(
  { fd }: Session,
  instructions: readonly MessageInstruction[],
  action: () => void,
): void {
  const keys = [...new Set(instructions.flatMap(promotionKey))];
  const off = keys.length === 0 ? [] : inNetns(fd, () => keys.filter((key) => readSysctl(key) === '0'));
  const setAll = (value: string): void => {
    if (off.length > 0)
      inNetns(fd, () => {
        for (const key of off) unless(['ENOENT'], () => writeSysctl(key, value));
      });
  };
  setAll('1');
  try {
    action();
  } finally {
    setAll('0');
  }
}

const promotionKey = (instruction: MessageInstruction): readonly string[] =>
  instruction.do === 'address.delete' && instruction.existing && !instruction.prefix.includes(':')
    ? [`net/ipv4/conf/${instruction.dev}/promote_secondaries`]
    : [];
