import type { RouteLive, RuleLive } from '../../model/kernel/live-state.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { AttemptFunction, KernelContext } from '../kernel-context.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import { dumpRoutes } from '../netlink/route.ts';
import { dumpRules } from '../netlink/rule.ts';
import { exchangeMessages, throwNetlinkRefusal } from '../netlink/socket.ts';
import type { NetnsSession, NetnsSessions } from '../netns/sessions.ts';
import { encodeInstruction, type NetlinkInstruction } from './encode-instruction.ts';
import { addExactRule, exactRoute, removeExactRule, ruleSelectorCount } from './exact-delete.ts';

type NetlinkBatchContext = Pick<KernelContext, 'sessions' | 'linkKinds'> & {
  readonly session: NetnsSession;
  readonly attempt: AttemptFunction;
};
type EncodedInstruction = {
  readonly instruction: NetlinkInstruction;
  readonly socket: number;
  readonly messages: readonly NetlinkMessage[];
};

/** Sends the instructions of one namespace together. One that cannot be encoded, or is refused, fails by itself. */
export function sendNetlinkBatch(context: NetlinkBatchContext, instructions: readonly NetlinkInstruction[]): void {
  const { sessions, session, attempt } = context;
  const exact = exactInstructionResolver(session);
  const sendable: EncodedInstruction[] = [];
  for (const instruction of sortBySpecificity(instructions))
    attempt([instruction], () => {
      const { socket } = sendingSession(instruction, session, sessions);
      sendable.push({ instruction, socket, messages: encodeInstruction(exact(instruction), context) });
    });
  for (const some of groupBy(sendable, ({ socket }) => String(socket)).values()) sendEncoded(some, attempt);
  if (instructions.some((instruction) => instruction.do === 'link.add')) sessions.forgetLinks();
}

/** Where an instruction is sent: in its namespace, but a link over one of another namespace is made where that one is. */
function sendingSession(instruction: NetlinkInstruction, session: NetnsSession, sessions: NetnsSessions): NetnsSession {
  const lower = instruction.do === 'link.add' ? instruction.lower : null;
  return lower === null || lower.netns === session.netns ? session : sessions.open(lower.netns);
}

/** Instructions for one socket. */
function sendEncoded(all: readonly EncodedInstruction[], attempt: AttemptFunction): void {
  const refusals = exchangeMessages(
    all[0]?.socket ?? -1,
    all.flatMap(({ messages }) => messages),
  );
  let at = 0;
  for (const { instruction, messages } of all) {
    const refusal = refusals.slice(at, at + messages.length).find((one) => one !== null);
    at += messages.length;
    if (refusal) attempt([instruction], () => throwNetlinkRefusal(refusal));
  }
}

/** A rule's deletion would hit one with more selectors, if that came first and were still there. */
const sortBySpecificity = (instructions: readonly NetlinkInstruction[]): readonly NetlinkInstruction[] =>
  [...instructions].sort((a, b) => deletionSelectorCount(b) - deletionSelectorCount(a));

const deletionSelectorCount = (instruction: NetlinkInstruction): number =>
  instruction.do === 'rule.delete' ? ruleSelectorCount(instruction.rule) : 0;

/** Routes and rules in the form that hits exactly what is meant. Throws when that is not there, or there already. */
function exactInstructionResolver(session: NetnsSession): (instruction: NetlinkInstruction) => NetlinkInstruction {
  let routes: readonly RouteLive[] | null = null;
  let rules: readonly RuleLive[] | null = null;
  return (instruction) => {
    if (instruction.do === 'route.delete') {
      routes ??= dumpRoutes(session.socket, linkNamer(dumpLinks(session.socket)));
      return { ...instruction, route: exactRoute(routes, instruction.route) };
    }
    if (instruction.do === 'rule.add') rules = addExactRule(rules ?? dumpRules(session.socket), instruction.rule);
    if (instruction.do === 'rule.delete') rules = removeExactRule(rules ?? dumpRules(session.socket), instruction.rule);
    return instruction;
  };
}
