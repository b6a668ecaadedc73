import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  markOwner,
  ownObservation,
} from '../../kinds/observation.ts';
import { NETFORM_HANDLE, NO_IMPAIRMENT } from '../../model/kernel/impairment.ts';
import type { EgressTableLive, QueueLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { NO_MARK } from '../../model/values/object-phrase.ts';
import { impairmentOf } from '../../net/impairment.ts';
import { egressTable, readEgressRules } from './egress-script.ts';
import type { ImpairSpec } from './spec.ts';

/** The root queue of a link, and the lab's own table for it. A queue that the kernel chose has no handle, and is none. */
export function observeImpairment(
  live: LiveState,
  { netns, spec: { dev } }: Resource<ImpairSpec>,
  context: KindContext<ImpairSpec>,
): Observation<ImpairSpec> {
  const queue = (live.get({ need: 'queues', netns }) ?? []).find((one) => one.dev === dev && one.rootHandle !== null);
  const name = egressTable(context.lab, dev);
  const table = live.get({ need: 'egress-table', netns, key: name });
  // Another program may have chosen our handle: it is ours on a link that is recorded as impaired, or was about to be.
  const isKnown = context.recorded !== null || context.interrupted || table?.mark === markOf(context);
  if (queue && (queue.rootHandle !== NETFORM_HANDLE || !isKnown)) return observeForeign(queue, { netns, dev });
  if (!queue && !table) return absentObservation;
  const spec = ownSpec({ netns, dev, name }, queue ?? null, table);
  if (!table || table.mark === markOf(context)) return ownObservation(spec);
  return blockingObservation(spec, markOwner(table.mark), `nft delete table netdev ${name} removes it`);
}

type LinkPlace = { readonly netns: string; readonly dev: string };

function ownSpec(
  { netns, dev, name }: LinkPlace & { readonly name: string },
  queue: QueueLive | null,
  table: EgressTableLive | null,
): ImpairSpec {
  const rules = table && readEgressRules(dev, table.rules);
  const altered = [
    ...(queue?.altered || (queue && !queue.impairment) ? ['other settings of its queue'] : []),
    ...(table && (table.dev !== dev || rules === null) ? ['other rules'] : []),
  ];
  return {
    netns,
    dev,
    by: queue?.kind === 'netem' ? 'netem' : 'parts',
    table: table ? name : null,
    ...impairmentOf({ ...queue?.impairment, ...(rules && table?.dev === dev ? rules : {}) }),
    altered: altered.length === 0 ? null : altered.join(' and '),
  };
}

/** A queue of another program can be taken over when it says nothing that the language lacks. */
function observeForeign(queue: QueueLive, { netns, dev }: LinkPlace): Observation<ImpairSpec> {
  const { kind, rootHandle, impairment, altered } = queue;
  const by = kind === 'netem' ? 'netem' : 'parts';
  const handle = rootHandle ?? '';
  const spec: ImpairSpec = { netns, dev, by, table: null, handle, ...(impairment ?? NO_IMPAIRMENT), altered: null };
  if (impairment && !altered) return foreignObservation(spec, NO_MARK);
  return blockingObservation(spec, `a queue ${kind} ${handle}`, `tc qdisc delete dev ${dev} root removes it`);
}
