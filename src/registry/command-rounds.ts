import { containersAmong } from '../kinds/netns/container/recorded-containers.ts';
import { netnsLinkId } from '../model/ids.ts';
import type { Instruction } from '../model/instruction.ts';
import type { LiveState } from '../model/kernel/need.ts';
import type { Resource } from '../model/resource.ts';

/** The instructions of a plan, with what it was made for and from. */
export type CommandSource = {
  readonly rounds: readonly (readonly Instruction[])[];
  readonly desired: readonly Resource[];
  readonly live: LiveState;
};

/**
 * The instructions of a plan as a person types them. `ip -n` and `ip netns exec` know a container only by a name under
 * /run/netns: each has one first, and those that the lab does not make visible lose theirs in the end.
 */
export function commandRounds({ rounds, desired, live }: CommandSource): readonly (readonly Instruction[])[] {
  const used = new Set(rounds.flat().flatMap(namespacesOf));
  const links = containersAmong(desired).flatMap(({ netns, ref }) => {
    const found = live.get({ need: 'container', netns, key: ref });
    return found?.state === 'there' && used.has(netns) ? [{ netns, target: found.path }] : [];
  });
  if (links.length === 0) return rounds;
  const visible = new Set(desired.map(({ id }) => id));
  const hidden = links.filter(({ netns }) => !visible.has(netnsLinkId(netns)));
  return [
    links.map(({ netns, target }) => ({ do: 'netns.link', netns, target, former: null })),
    ...rounds.map((round) => round.filter((one) => one.do !== 'netns.link')),
    hidden.map(({ netns, target }) => ({ do: 'netns.unlink', netns, target })),
  ];
}

/** Where an instruction acts: a link has two ends. */
const namespacesOf = (one: Instruction): readonly string[] => [
  ...('netns' in one ? [one.netns] : []),
  ...(one.do === 'link.add' && one.peer ? [one.peer.netns] : []),
];
