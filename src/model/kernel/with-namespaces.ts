import type { Answer, AnsweredFact, LiveState, NeedId, NeedKeyParts, NeedName } from './need.ts';

/** A state with what was read of some namespaces later; null of one that is gone. */
export function withNamespaces(
  live: LiveState,
  newer: ReadonlyMap<string, Answer<'namespace'> | null>,
  ms: number,
): LiveState {
  const isNewer = ({ need, netns = '' }: NeedKeyParts): boolean => need === 'namespace' && newer.has(netns);
  // The answer for a namespace's name has the type of that need.
  return {
    get: <N extends NeedName>(need: NeedId<N>) =>
      isNewer(need) ? (newer.get((need as NeedKeyParts).netns ?? '') as Answer<N> | null) : live.get(need),
    all: <N extends NeedName>(name: N) =>
      live.all(name).flatMap((fact): readonly AnsweredFact<N>[] => {
        if (!isNewer(fact.need)) return [fact];
        const answer = newer.get((fact.need as NeedKeyParts).netns ?? '') as Answer<N> | null;
        return answer === null ? [] : [{ need: fact.need, answer }];
      }),
    ms: live.ms + ms,
  };
}
