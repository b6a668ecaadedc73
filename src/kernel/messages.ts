import type { Instruction } from '../model/instruction.ts';
import type { NeighbourLive } from '../model/live.ts';
import { addAddress, deleteAddress, markAddress } from './netlink/address.ts';
import { addLink, setLink } from './netlink/link.ts';
import type { Message } from './netlink/message.ts';
import { deleteNeighbour, dumpNeighbours, setNeighbour } from './netlink/neighbour.ts';
import { addRoute, deleteRoute, replaceRoute } from './netlink/route.ts';
import { addRule, deleteRule } from './netlink/rule.ts';
import type { Session, Sessions } from './sessions.ts';

/** The instructions that are netlink messages, one by one. Deleting links is not: many are deleted together. */
export type MessageInstruction = Extract<
  Exclude<Instruction, { do: 'link.delete' }>,
  { do: `${'link' | 'address' | 'route' | 'rule' | 'neighbour'}.${string}` }
>;

export const isMessage = (instruction: Instruction): instruction is MessageInstruction =>
  instruction.do !== 'link.delete' && /^(?:link|address|route|rule|neighbour)\./.test(instruction.do);

/** The messages of an instruction, for its namespace's socket. Throws ENODEV or ENOENT when it names what is not there. */
export function messagesOf(instruction: MessageInstruction, session: Session, sessions: Sessions): readonly Message[] {
  const indexOf = session.linkIndex;
  switch (instruction.do) {
    case 'link.add': {
      const { master, peer, vxlan } = instruction;
      const lower = vxlan?.dev ?? null;
      const elsewhere = peer && peer.netns !== instruction.netns ? sessions.open(peer.netns).fd : null;
      return [
        addLink(instruction, {
          master: master === null ? null : indexOf(master),
          lower: lower === null ? null : indexOf(lower),
          peerNetns: elsewhere,
        }),
      ];
    }
    case 'link.set': {
      const master = instruction.set.master ?? null;
      return setLink(instruction.name, instruction.set, master === null ? null : indexOf(master));
    }
    case 'address.add':
      return [addAddress(indexOf(instruction.dev), instruction.prefix, instruction.protocol)];
    case 'address.delete':
      return [deleteAddress(indexOf(instruction.dev), instruction.prefix)];
    case 'address.mark':
      return [markAddress(session.socket, indexOf(instruction.dev), instruction)];
    case 'route.add':
      return [addRoute(instruction.route, indexOf)];
    case 'route.replace':
      return [replaceRoute(instruction.route, indexOf)];
    case 'route.delete':
      return [deleteRoute(instruction.route, indexOf)];
    case 'rule.add':
      return [addRule(instruction.rule)];
    case 'rule.delete':
      return [deleteRule(instruction.rule)];
    case 'neighbour.set': {
      const { dev, to, protocol } = instruction;
      const set = setNeighbour(indexOf(dev), instruction);
      // The kernel never takes the protocol away from an entry that is there.
      const isThere =
        protocol === 0 && dumpNeighbours(session.socket, String).some((one) => isEntry(one, indexOf(dev), to));
      return isThere ? [deleteNeighbour(indexOf(dev), to), set] : [set];
    }
    case 'neighbour.delete':
      return [deleteNeighbour(indexOf(instruction.dev), instruction.to)];
  }
}

const isEntry = ({ dev, to }: NeighbourLive, index: number, wanted: string): boolean =>
  dev === String(index) && to === wanted;
