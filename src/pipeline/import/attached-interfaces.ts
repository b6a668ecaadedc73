import type { ImportResult } from '../../import/result.ts';
import { type CachedAttachment, listCachedAttachments } from '../../kernel/cni/cached-attachments.ts';
import type { ImportFacts } from '../../model/kernel/import-facts.ts';
import type { Machine } from '../../model/machine.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { conflistOf } from '../tools/cni-lint.ts';

/**
 * What is said of interfaces that CNI plugins have made: they are described as the links that they are, because `cni` has netform
 * make an interface, and whoever called ADD for one that is there has to call DEL, too.
 */
export function describeAttached(machine: Machine, inventory: ImportFacts): Pick<ImportResult, 'leftOut' | 'comments'> {
  const known = machine.read([{ need: 'known-attachments' }]).get({ need: 'known-attachments' }) ?? [];
  const own = known.flatMap(({ attachment: one }) => (inventory.namespaces.includes(one.netns) ? [one] : []));
  const isOwn = ({ netns, dev }: CachedAttachment): boolean =>
    own.some((one) => one.netns === netns && one.dev === dev);
  const cached = listCachedAttachments().filter((one) => isThere(one, inventory));
  const others = groupBy(
    cached.filter((one) => !isOwn(one)),
    ({ network }) => network,
  );
  return {
    leftOut: [
      ...own.map(
        ({ netns, dev, network }) =>
          `the plugins of ${network}, which have made ${netns}:${dev}; cni: ${network} has them make it`,
      ),
      ...[...others].map(([network, all]) => othersLine(network, all)),
    ],
    comments: inventory.namespaces.flatMap((netns) => {
      const words = cached.filter((one) => one.netns === netns).map(interfaceWords);
      const text = `In a lab of its own, plugins make it: interfaces: { ${words.join(', ')} }.`;
      return words.length === 0 ? [] : [{ at: ['namespaces', netns], text }];
    }),
  };
}

/** A link of that name and MAC is in the namespace: a cache can outlive what it is about. */
const isThere = ({ netns, dev, mac }: CachedAttachment, { live, namespaces }: ImportFacts): boolean => {
  const link = namespaces.includes(netns) && live.get({ need: 'namespace', netns })?.links.get(dev);
  return link ? mac === null || link.mac === mac : false;
};

function othersLine(network: string, all: readonly CachedAttachment[]): string {
  const file = conflistOf(network)?.file;
  const ends = all.map(({ netns, dev }) => `${netns}:${dev}`);
  const more = ends.length > MOST_NAMED ? ` and ${ends.length - MOST_NAMED} more` : '';
  const words = file === undefined ? `cni: ${network}` : `cni: ${network}, with what ${file} says,`;
  const why = 'whoever called ADD for them has to call DEL, so they stay links';
  return `the plugins of ${network}, which have made ${ends.slice(0, MOST_NAMED).join(', ')}${more}: ${why}; in a lab of its own ${words} has them make it`;
}

const MOST_NAMED = 5;

const interfaceWords = ({ dev, network, addresses }: CachedAttachment): string => {
  const ips =
    addresses.length === 0
      ? ''
      : `, args: { ips: [${addresses.map((one) => (one.includes(':') ? `"${one}"` : one)).join(', ')}] }`;
  return `${dev}: { cni: ${network}${ips} }`;
};
