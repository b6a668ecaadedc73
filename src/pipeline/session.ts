import type { Machine } from '../model/machine.ts';
import type { Progress } from '../model/results/progress.ts';
import { openHostStore, type Store } from '../store/store.ts';

/** What a verb works with: the machine, what is remembered between runs, and where progress is reported. */
export type Session = OfflineSession & { readonly machine: Machine };

/** What a verb works with that does not read or change the machine. */
export type OfflineSession = { readonly store: Store; readonly progress: Progress };

/** The store of this host. */
export const openOfflineSession = (progress: Progress): OfflineSession => ({ store: openHostStore(), progress });
