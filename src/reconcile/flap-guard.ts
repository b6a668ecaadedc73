import type { Moment } from '../model/results/reconcile-state.ts';

/** No resource is healed twice within this time: who changes it again so soon would do so for ever. */
export const FLAP_MS = 30_000;

/** When resources were healed, by their ids. */
export type HealTimes = { readonly [id: string]: Moment };

/** Those of some resources that were healed a short while ago. A clock that was set back makes nothing recent. */
export const flappingIds = (healed: HealTimes, ids: readonly string[], now: Moment): readonly string[] =>
  ids.filter((id) => isRecentHeal(healed[id], now));

/** The times after some resources were healed now; what is no longer recent is forgotten. */
export const noteHeal = (healed: HealTimes, ids: readonly string[], now: Moment): HealTimes => ({
  ...Object.fromEntries(Object.entries(healed).filter(([, at]) => isRecentHeal(at, now))),
  ...Object.fromEntries(ids.map((id) => [id, now])),
});

const isRecentHeal = (at: Moment | undefined, now: Moment): boolean =>
  at !== undefined && at <= now && now - at < FLAP_MS;
