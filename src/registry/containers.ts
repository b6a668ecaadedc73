import type { NeedOf } from '../model/kernel/need.ts';

export { containersAmong } from '../kinds/netns/container/recorded-containers.ts';

/** Looks up a container, such as `docker:db`, and makes its network that of a name. */
export const containerNeed = (netns: string, ref: string): NeedOf<'container'> => ({
  need: 'container',
  netns,
  key: ref,
});
