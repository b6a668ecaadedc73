import type { RouteLive, RuleLive } from '../model/live.ts';
import { exactRoute, selectorCount, withoutRule, withRule } from './exact.ts';
import { type MessageInstruction, messagesOf } from './messages.ts';
import { dumpLinks, namer } from './netlink/linkdump.ts';
import type { Message } from './netlink/message.ts';
import { dumpRoutes } from './netlink/routedump.ts';
import { dumpRules } from './netlink/rule.ts';
import { exchange, throwRefusal } from './netlink/socket.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Attempt } from './tools.ts';

type Place = { readonly sessions: Sessions; readonly session: Session; readonly attempt: Attempt };
type Sendable = { readonly instruction: MessageInstruction; readonly messages: readonly Message[] };

/** Sends the instructions of one namespace together. One that cannot be encoded, or is refused, fails by itself. */
export function sendMessages({ sessions, session, attempt }: Place, instructions: readonly MessageInstruction[]): void {
  const exact = makeExact(session);
  const sendable: Sendable[] = [];
  for (const instruction of mostSpecificFirst(instructions))
    attempt([instruction], () => {
      sendable.push({ instruction, messages: messagesOf(exact(instruction), session, sessions) });
    });
  const refusals = exchange(
    session.socket,
    sendable.flatMap(({ messages }) => messages),
  );
  let at = 0;
  for (const { instruction, messages } of sendable) {
    const refusal = refusals.slice(at, at + messages.length).find((one) => one !== null);
    at += messages.length;
    if (refusal) attempt([instruction], () => throwRefusal(refusal));
  }
  if (instructions.some((instruction) => instruction.do === 'link.add')) sessions.forgetLinks();
}

/** A rule's deletion would hit one with more selectors, if that came first and were still there. */
const mostSpecificFirst = (instructions: readonly MessageInstruction[]): readonly MessageInstruction[] =>
  [...instructions].sort((a, b) => selectorsOf(b) - selectorsOf(a));

const selectorsOf = (instruction: MessageInstruction): number =>
  instruction.do === 'rule.delete' ? selectorCount(instruction.rule) : 0;

/** Routes and rules in the form that hits exactly what is meant. Throws when that is not there, or there already. */
function makeExact(session: Session): (instruction: MessageInstruction) => MessageInstruction {
  let routes: readonly RouteLive[] | null = null;
  let rules: readonly RuleLive[] | null = null;
  return (instruction) => {
    if (instruction.do === 'route.delete') {
      routes ??= dumpRoutes(session.socket, namer(dumpLinks(session.socket)));
      return { ...instruction, route: exactRoute(routes, instruction.route) };
    }
    if (instruction.do === 'rule.add') rules = withRule(rules ?? dumpRules(session.socket), instruction.rule);
    if (instruction.do === 'rule.delete') rules = withoutRule(rules ?? dumpRules(session.socket), instruction.rule);
    return instruction;
  };
}
