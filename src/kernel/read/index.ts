import { EXIT, netformError } from '../../model/error.ts';
import {
  type AnyFact,
  type LiveState,
  type NeedName,
  type NeedOf,
  type Query,
  toLiveState,
} from '../../model/kernel/need.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { errorCode, errorSentence } from '../errno.ts';
import { errnoMessage } from '../execute/errno-message.ts';
import type { KernelContext } from '../kernel-context.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { bindPlaces } from '../netns/places/bind-places.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { missingCapabilities } from '../process/capabilities.ts';
import type { NeedReader, ReadContext } from './need-reader.ts';
import { needReaders } from './needs/index.ts';

/** Gives the links of a namespace. */
type LinkReader = ReadContext['links'];

/** Reads what the query asks for; `links` left out: they are dumped. Throws a NetformError when this process may not, or the machine refuses. */
export function readKernelState(tools: KernelContext, query: Query, links: LinkReader = dumpSessionLinks): LiveState {
  const lacking = missingCapabilities();
  if (lacking !== null) throw netformError('E_PERMISSION', EXIT.usage, lacking, { hint: 'run it with sudo' });
  try {
    return readQuery(tools, query, links);
  } catch (error) {
    const code = errorCode(error);
    if (code === null || code.startsWith('E_')) throw error;
    const sentence = errorSentence(error) ?? errnoMessage(code);
    throw netformError('E_READ', EXIT.internal, `cannot read the network state: ${sentence}`, {
      details: [String(error)],
    });
  }
}

function readQuery({ sessions, nft, linkKinds }: KernelContext, query: Query, links: LinkReader): LiveState {
  const started = elapsedMs();
  sessions.refresh();
  const places = bindPlaces(sessions, query);
  const context = { find: memoizeByKey(sessions.find), links: memoizeByKey(links), places, nft, linkKinds };
  const groups = [...groupBy(query, ({ need }) => need).values()];
  const facts = groups.flatMap(([first, ...rest]) => (first ? readNeeds(first.need, [first, ...rest], context) : []));
  return toLiveState(facts, elapsedMs() - started);
}

/** `needs` are those of that name. */
function readNeeds<N extends NeedName>(name: N, needs: Query, context: ReadContext): readonly AnyFact[] {
  const read: NeedReader<N> = needReaders[name];
  return read(needs as readonly NeedOf<N>[], context) as readonly AnyFact[];
}

const dumpSessionLinks = ({ socket }: NetnsSession): readonly RawLink[] => dumpLinks(socket);

function memoizeByKey<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: find(key) };
    known.set(key, found);
    return found.value;
  };
}
