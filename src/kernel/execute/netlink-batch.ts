import type { RouteLive, RuleLive } from '../../model/kernel/live-state.ts';
import type { AttemptFunction } from '../kernel-context.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import { dumpRoutes } from '../netlink/route.ts';
import { dumpRules } from '../netlink/rule.ts';
import { exchangeMessages, throwNetlinkRefusal } from '../netlink/socket.ts';
import type { NetnsSession, NetnsSessions } from '../netns/sessions.ts';
import { encodeInstruction, type NetlinkInstruction } from './encode-instruction.ts';
import { addExactRule, exactRoute, removeExactRule, ruleSelectorCount } from './exact-delete.ts';

type NetlinkBatchContext = {
  readonly sessions: NetnsSessions;
  readonly session: NetnsSession;
  readonly attempt: AttemptFunction;
};
type EncodedInstruction = { readonly instruction: NetlinkInstruction; readonly messages: readonly NetlinkMessage[] };

/** Sends the instructions of one namespace together. One that cannot be encoded, or is refused, fails by itself. */
export function sendNetlinkBatch(
  { sessions, session, attempt }: NetlinkBatchContext,
  instructions: readonly NetlinkInstruction[],
): void {
  const exact = exactInstructionResolver(session);
  const sendable: EncodedInstruction[] = [];
  for (const instruction of sortBySpecificity(instructions))
    attempt([instruction], () => {
      sendable.push({ instruction, messages: encodeInstruction(exact(instruction), session, sessions) });
    });
  const refusals = exchangeMessages(
    session.socket,
    sendable.flatMap(({ messages }) => messages),
  );
  let at = 0;
  for (const { instruction, messages } of sendable) {
    const refusal = refusals.slice(at, at + messages.length).find((one) => one !== null);
    at += messages.length;
    if (refusal) attempt([instruction], () => throwNetlinkRefusal(refusal));
  }
  if (instructions.some((instruction) => instruction.do === 'link.add')) sessions.forgetLinks();
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
