import { catchErrno } from '../../kernel/errno.ts';
import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { waitForPeerRoutes } from '../../kernel/execute/peer-routes.ts';
import { addAddressMessage, deleteAddressMessage, markAddressMessage } from '../../kernel/netlink/address.ts';
import { inNetns } from '../../kernel/netns/netns.ts';
import type { NetnsSession } from '../../kernel/netns/sessions.ts';
import { readSysctl, writeSysctl } from '../../kernel/sysctl/sysctl.ts';
import type { AddressInstruction } from './types.ts';

/** RTM_NEWADDR and RTM_DELADDR. */
export const addressEncoder: NetlinkEncoder<AddressInstruction> = {
  encode: (instruction, { session }) => {
    const index = session.linkIndex(instruction.dev);
    if (instruction.do === 'address.add') return [addAddressMessage(index, instruction)];
    if (instruction.do === 'address.delete') return [deleteAddressMessage(index, instruction)];
    return [markAddressMessage(session.socket, index, instruction)];
  },
  around: (session, instructions, send) => {
    withSecondaryPromotion(session, instructions, send);
    waitForPeerRoutes(session.socket, instructions.flatMap(newIpv6Peer));
  },
};

const newIpv6Peer = (instruction: AddressInstruction) => {
  if (instruction.do !== 'address.add' || instruction.peer === undefined) return [];
  const { dev, prefix, peer } = instruction;
  return prefix.includes(':') ? [{ dev, prefix, peer }] : [];
};

/**
 * Deletes IPv4 addresses of the machine's own links so that the secondary addresses behind them stay: with the first of a
 * subnet the kernel deletes the others, unless promote_secondaries is on. It is on for that long.
 */
function withSecondaryPromotion(
  { fd }: NetnsSession,
  instructions: readonly AddressInstruction[],
  send: () => void,
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
    send();
  } finally {
    setAll('0');
  }
}

const promotionKeys = (instruction: AddressInstruction): readonly string[] =>
  instruction.do === 'address.delete' && instruction.existing && !instruction.prefix.includes(':')
    ? [`net/ipv4/conf/${instruction.dev}/promote_secondaries`]
    : [];
