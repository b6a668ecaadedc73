import { EXIT, netformError } from '../../model/error.ts';
import type { Impairment } from '../../model/kernel/impairment.ts';
import type { Machine } from '../../model/machine.ts';
import type { State } from '../../model/state.ts';
import { closestMatch } from '../../net/closest-match.ts';
import {
  formatImpairment,
  formatImpairmentWord,
  IMPAIRMENT_WORDS,
  type ImpairmentWord,
  impairmentContradictions,
  NETEM_WORDS,
  parseImpairmentWord,
} from '../../net/impairment.ts';
import { kinds } from '../../registry/kinds.ts';
import {
  changeLinkImpairment,
  type ImpairedLink,
  isPlainImpairment,
  linkImpairment,
  linkImpairmentId,
  linkImpairmentQuery,
  plainImpairmentEntry,
} from '../../registry/link-impairment.ts';
import { readState, writeState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine } from '../host-session.ts';
import type { Session } from '../session.ts';
import { findLabLink } from './link-state.ts';

/** What to do to the packets that leave an interface. `words`: `delay=50ms`; those that are not named stay. Null: as the lab has it. */
export type LinkImpairmentRequest = {
  readonly endpoint: string;
  readonly words: readonly string[] | null;
  readonly lockTimeoutMs: number;
};

/**
 * Impairs what leaves an interface of a lab, by hand: the record of the lab stays as it is, so that the change is drift. Gives
 * what is there then, in words, and whether anything changed. Throws E_USAGE, E_FOREIGN or E_LINK.
 */
export const setLinkImpairment = (
  session: Session,
  { endpoint, words, lockTimeoutMs: timeoutMs }: LinkImpairmentRequest,
): Promise<{ readonly text: string; readonly changed: boolean }> => {
  const changes = words === null ? null : parseWords(words);
  return withLockedMachine(session, { command: `link set ${endpoint}`, timeoutMs }, (opened) => {
    const { machine, store } = opened;
    const { netns, name, lab } = findLabLink(opened, endpoint);
    const state = readState(store, lab);
    if (state === null) throw foreignError(`netform has no record of lab ${lab}`, 'netform apply builds it again');
    const id = linkImpairmentId({ netns, dev: name });
    const recorded = state.resources.find((one) => one.id === id) ?? null;
    const link: ImpairedLink = { lab, uid: state.uid, netns, dev: name, recorded };
    const live = machine.read(linkImpairmentQuery(link));
    const { found, impairment } = linkImpairment(live, link);
    if (found.owner === 'foreign')
      throw foreignError(`${endpoint} has a queue that netform did not make`, found.remedy);
    const wanted = changes && { ...impairment, ...changes };
    if (wanted) checkImpairment(wanted, live.get({ need: 'queue-kind', key: 'netem' }) !== false);
    const rounds = changeLinkImpairment(live, link, wanted);
    if (rounds.length > 0) noteByHand(store, state, { link, isReset: wanted === null });
    for (const round of rounds) executeRound(machine, round, endpoint);
    if (rounds.length > 0 && wanted === null) forgetPlain(store, state, id);
    const now = linkImpairment(machine.read(linkImpairmentQuery(link)), link).impairment;
    return { text: formatImpairment(now) || 'not impaired', changed: rounds.length > 0 };
  });
};

/** `delay=50ms`; `delay=none` takes it away. */
function parseWords(words: readonly string[]): Partial<Impairment> {
  return Object.fromEntries(
    words.map((written) => {
      const [name = '', value = ''] = written.split(/=(.*)/s);
      const word = IMPAIRMENT_WORDS.find((one) => one === name);
      if (word === undefined) throw unknownWordError(name);
      if (value === 'none') return [word, 0];
      const read = parseImpairmentWord(word, value);
      if ('value' in read) return [word, read.value];
      throw netformError('E_USAGE', EXIT.usage, `${word}=${value} ${read.problem}`, { hint: read.hint });
    }),
  );
}

function unknownWordError(name: string): Error {
  const meant = closestMatch(name, IMPAIRMENT_WORDS);
  const hint = meant === null ? `there are ${IMPAIRMENT_WORDS.join(', ')}` : `did you mean ${meant}?`;
  return netformError('E_USAGE', EXIT.usage, `${name} is nothing that can be set`, { hint });
}

function checkImpairment(wanted: Impairment, hasNetem: boolean): void {
  const [wrong] = impairmentContradictions(wanted);
  if (wrong)
    throw netformError('E_USAGE', EXIT.usage, `${wrong.word}: ${wrong.problem}`, {
      hint: `${example('delay', 20_000)} too`,
    });
  const word = NETEM_WORDS.find((one) => wanted[one] > 0);
  if (word === undefined || hasNetem) return;
  const hint = 'load the module with "modprobe sch_netem", or use a kernel with CONFIG_NET_SCH_NETEM';
  throw netformError('E_LINK', EXIT.usage, `this kernel has no netem, which ${word} would need`, { hint });
}

const example = (word: ImpairmentWord, value: number): string => `set ${word}=${formatImpairmentWord(word, value)}`;

const foreignError = (message: string, hint?: string): Error =>
  netformError('E_FOREIGN', EXIT.foreign, message, hint === undefined ? {} : { hint });

function executeRound(machine: Machine, round: Parameters<Machine['execute']>[0], endpoint: string): void {
  const [failure] = machine.execute(round);
  if (failure) throw netformError('E_LINK', EXIT.internal, `${endpoint} cannot be impaired: ${failure.message}`);
}

/** A link that the file does not impair is recorded as not impaired, before it is: otherwise nothing would say what is by hand. */
function noteByHand(
  store: Store,
  state: State,
  { link, isReset }: { readonly link: ImpairedLink; readonly isReset: boolean },
): void {
  if (isReset || link.recorded !== null) return;
  const claim = `${link.netns}/${link.dev}`;
  const of = state.resources.filter(({ kind, spec }) => kinds.get(kind)?.claims?.(spec).includes(claim));
  const entry = plainImpairmentEntry(
    link,
    of.map(({ id }) => id),
  );
  writeState(store, { ...state, resources: [...state.resources, entry] });
}

function forgetPlain(store: Store, state: State, id: string): void {
  const resources = state.resources.filter((one) => one.id !== id || !isPlainImpairment(one));
  if (resources.length < state.resources.length) writeState(store, { ...state, resources });
}
