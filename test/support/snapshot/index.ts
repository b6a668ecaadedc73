import { collect } from './collect.ts';
import { normalise } from './normalise.ts';

/** The network of every namespace and the files that netform writes, as text that is equal when the two machines are. */
export const takeSnapshot = async (run: (script: string) => Promise<string>): Promise<string> =>
  normalise(await collect(run));
