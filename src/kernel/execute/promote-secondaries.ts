import { catchErrno } from '../errno.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { readSysctl, writeSysctl } from '../sysctl/sysctl.ts';
import type { NetlinkInstruction } from './encode-instruction.ts';

/**
 * Does what takes IPv4 addresses from links of the machine's own, so that those that others have put behind them stay: with
 * the first of a subnet the kernel deletes the others, unless the link promotes them. So promotion is on for that long.
 */
export function withSecondaryPromotion(
  { fd }: NetnsSession,
  instructions: readonly NetlinkInstruction[],
  action: () => void,
): void {
  const keys = [...new Set(instructions.flatMap(promotionKeys))];
  const off = keys.length === 0 ? [] : inNetns(fd, () => keys.filter((key) => readSysctl(key) === '0'));
  const setAll = (value: string): void => {
    if (off.length > 0)
      inNetns(fd, () => {
        for (const key of off) catchErrno(['ENOENT'], () => writeSysctl(key, value));
      });
  };
  setAll('1');
  try {
    action();
  } finally {
    setAll('0');
  }
}

const promotionKeys = (instruction: NetlinkInstruction): readonly string[] =>
  instruction.do === 'address.delete' && instruction.existing && !instruction.prefix.includes(':')
    ? [`net/ipv4/conf/${instruction.dev}/promote_secondaries`]
    : [];
