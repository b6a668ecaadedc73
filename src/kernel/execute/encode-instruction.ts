import type { Instruction } from '../../model/instruction.ts';
import type { NeighbourLive } from '../../model/kernel/live-state.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { KernelContext } from '../kernel-context.ts';
import { addAddressMessage, deleteAddressMessage, markAddressMessage } from '../netlink/address.ts';
import { addLinkMessage, setLinkMessages } from '../netlink/link.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import { deleteNeighbourMessage, dumpNeighbours, setNeighbourMessage } from '../netlink/neighbour.ts';
import { addRouteMessage, deleteRouteMessage, replaceRouteMessage } from '../netlink/route.ts';
import { addRuleMessage, deleteRuleMessage } from '../netlink/rule.ts';
import type { NetnsSession } from '../netns/sessions.ts';

/** The instructions that are netlink messages, one by one. Deleting links is not: many are deleted together. */
export type NetlinkInstruction = Extract<
  Exclude<Instruction, { do: 'link.delete' }>,
  { do: `${'link' | 'address' | 'route' | 'rule' | 'neighbour'}.${string}` }
>;

export const isNetlinkInstruction = (instruction: Instruction): instruction is NetlinkInstruction =>
  instruction.do !== 'link.delete' && /^(?:link|address|route|rule|neighbour)\./.test(instruction.do);

type EncodingContext = Pick<KernelContext, 'sessions' | 'linkKinds'> & { readonly session: NetnsSession };

/** The messages of an instruction, for its namespace's socket. Throws ENODEV or ENOENT when it names what is not there. */
export function encodeInstruction(
  instruction: NetlinkInstruction,
  { session, sessions, linkKinds }: EncodingContext,
): readonly NetlinkMessage[] {
  const indexOf = session.linkIndex;
  switch (instruction.do) {
    case 'link.add': {
      const { netns, kind, master, lower, peer } = instruction;
      const isElsewhere = lower !== null && lower.netns !== netns;
      return [
        addLinkMessage(instruction, linkKindOf(linkKinds, kind), {
          master: master === null ? null : indexOf(master),
          lower: lower && sessions.open(lower.netns).linkIndex(lower.name),
          peerNetns: peer && peer.netns !== netns ? sessions.open(peer.netns).fd : null,
          ownNetns: isElsewhere ? session.fd : null,
        }),
      ];
    }
    case 'link.set': {
      const { name, set } = instruction;
      const { master = null, options } = set;
      const codec = options ? linkKindOf(linkKinds, options.kind) : null;
      return setLinkMessages(name, set, { master: master === null ? null : indexOf(master), codec });
    }
    case 'address.add':
      return [addAddressMessage(indexOf(instruction.dev), instruction.prefix, instruction.protocol)];
    case 'address.delete':
      return [deleteAddressMessage(indexOf(instruction.dev), instruction.prefix)];
    case 'address.mark':
      return [markAddressMessage(session.socket, indexOf(instruction.dev), instruction)];
    case 'route.add':
      return [addRouteMessage(instruction.route, indexOf)];
    case 'route.replace':
      return [replaceRouteMessage(instruction.route, indexOf)];
    case 'route.delete':
      return [deleteRouteMessage(instruction.route, indexOf)];
    case 'rule.add':
      return [addRuleMessage(instruction.rule)];
    case 'rule.delete':
      return [deleteRuleMessage(instruction.rule)];
    case 'neighbour.set': {
      const { dev, to, protocol } = instruction;
      const set = setNeighbourMessage(indexOf(dev), instruction);
      // The kernel never takes the protocol away from an entry that is there.
      const isThere =
        protocol === 0 && dumpNeighbours(session.socket, String).some((one) => isNeighbourEntry(one, indexOf(dev), to));
      return isThere ? [deleteNeighbourMessage(indexOf(dev), to), set] : [set];
    }
    case 'neighbour.delete':
      return [deleteNeighbourMessage(indexOf(instruction.dev), instruction.to)];
  }
}

const isNeighbourEntry = ({ dev, to }: NeighbourLive, index: number, wanted: string): boolean =>
  dev === String(index) && to === wanted;
