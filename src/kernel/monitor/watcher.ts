import {
  type FactIndex,
  factOf,
  type LiveState,
  liveStateOf,
  type Need,
  needIdText,
  putFact,
  type Query,
} from '../../model/kernel/need.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { KernelContext } from '../kernel-context.ts';
import { makeNetnsSessions } from '../netns/sessions.ts';
import { makeNftClient } from '../nftables/tables.ts';
import { readKernelState } from '../read/index.ts';
import { closeProcfs } from '../sysctl/procfs.ts';
import { makeLinkCache } from './link-cache.ts';
import { openNetnsEars } from './netns-ears.ts';
import { isHeard, type Touched } from './touched.ts';
import { readTouchedNamespaces } from './touched-namespaces.ts';

/** Reads a machine again and again, each time only what may have changed since. */
export type KernelWatcher = {
  /** The machine as it is now. What the kernel does not announce is at most `UNHEARD_MS` old. It changes with the next reading. */
  readonly read: (query: Query) => LiveState;
  /** Whether a reading may find something else than the last one. Does not wait. */
  readonly isTouched: () => boolean;
  readonly close: () => void;
};

/** The kernel announces no change of files, processes, listening sockets, most sysctls and links that are down: they are read so often. */
const UNHEARD_MS = 5000;
/** Everything is read so often, whatever was heard. */
const EVERYTHING_MS = 60_000;

/** Listens in the namespaces of its queries, from the first reading of each on. */
export function openKernelWatcher(linkKinds: LinkKinds, unheardMs = UNHEARD_MS): KernelWatcher {
  const tools: KernelContext = { sessions: makeNetnsSessions(), nft: makeNftClient(), linkKinds };
  const ears = openNetnsEars();
  const links = makeLinkCache();
  const facts: FactIndex = new Map();
  const heard = new Map<string, Touched>();
  let asked = toQuestions([]);
  let [unheardAt, everythingAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const note = (netns: string, touched: Touched): void => {
    links.touch(netns, touched);
    heard.set(netns, together(heard.get(netns), touched));
  };
  const listen = (): void => {
    for (const [netns, touched] of ears.hear()) note(netns, touched);
  };
  const isTouchedNeed = (need: Need): boolean => {
    const touched = 'netns' in need ? heard.get(need.netns) : undefined;
    return touched !== undefined && (touched.all || touched.needs.has(need.need));
  };
  return {
    read: (query) => {
      const started = elapsedMs();
      const questions = query === asked.query ? asked : toQuestions(query);
      ears.add(questions.byNetns.keys());
      listen();
      const isUnheardDue = started - unheardAt > unheardMs;
      const isAllDue = started - everythingAt > EVERYTHING_MS;
      if (isAllDue) links.clear();
      if (isUnheardDue) for (const { netns, touched } of downLinks(facts)) note(netns, touched);
      const isNew = (need: Need): boolean =>
        asked.texts.get(needIdText(need)) !== questions.texts.get(needIdText(need));
      const stale = isAllDue
        ? query
        : [
            ...(questions === asked ? [] : query.filter(isNew)),
            ...[...heard.keys()].flatMap((netns) => questions.byNetns.get(netns)?.filter(isTouchedNeed) ?? []),
            ...(isUnheardDue ? questions.unheard : []),
          ];
      asked = questions;
      heard.clear();
      const read = (needs: Query): LiveState => readKernelState(tools, needs, links.of);
      const touched = stale.flatMap((need) => (need.need === 'namespace' ? [need.netns] : []));
      readTouchedNamespaces({ facts, names: questions.namespaces, touched, read, linkKinds });
      readOthers(facts, stale, read);
      if (isUnheardDue) unheardAt = started;
      if (isAllDue) everythingAt = started;
      // What is open in a namespace would keep it from going.
      tools.sessions.closeAll();
      return liveStateOf(facts, elapsedMs() - started);
    },
    isTouched: () => {
      listen();
      return heard.size > 0 || elapsedMs() - unheardAt > unheardMs;
    },
    close: () => {
      ears.close();
      tools.sessions.closeAll();
      tools.nft.close();
      closeProcfs();
    },
  };
}

/** Of a link that is down the kernel announces no setting (netdev_state_change in net/core/dev.c). */
const downLinks = (facts: FactIndex): readonly { readonly netns: string; readonly touched: Touched }[] =>
  liveStateOf(facts, 0)
    .all('namespace')
    .flatMap(({ need: { netns }, answer: { links } }) => {
      const down = [...links.values()].flatMap(({ index, up }) => (up ? [] : [index]));
      if (down.length === 0) return [];
      return [{ netns, touched: { needs: new Set(['namespace' as const]), links: new Set(down), all: false } }];
    });

/** A query, and what is found in it again and again. */
type Questions = {
  readonly query: Query;
  /** By id all that each need asks: a table is compared with other scripts when the record of the lab is another. */
  readonly texts: ReadonlyMap<string, string>;
  readonly byNetns: ReadonlyMap<string, Query>;
  readonly namespaces: ReadonlySet<string>;
  readonly unheard: Query;
};

const toQuestions = (query: Query): Questions => ({
  query,
  texts: new Map(query.map((need) => [needIdText(need), questionText(need)])),
  byNetns: groupBy(
    query.filter((need) => 'netns' in need),
    ({ netns }) => netns,
  ),
  namespaces: new Set(query.flatMap((need) => (need.need === 'namespace' ? [need.netns] : []))),
  unheard: query.filter(({ need }) => !isHeard(need)),
});

const questionText = (need: Need): string =>
  'scripts' in need || 'sysctls' in need || 'settings' in need ? JSON.stringify(need) : '';

function readOthers(facts: FactIndex, stale: Query, read: (needs: Query) => LiveState): void {
  const needs = stale.filter(({ need }) => need !== 'namespace');
  if (needs.length === 0) return;
  const now = read(needs);
  for (const need of needs) putFact(facts, factOf(need, now));
}

function together(before: Touched | undefined, now: Touched): Touched {
  if (before === undefined) return now;
  for (const need of now.needs) before.needs.add(need);
  before.all ||= now.all;
  return before;
}
