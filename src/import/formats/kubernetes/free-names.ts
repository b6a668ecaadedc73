import { sanitizeName } from '../../yaml-values.ts';

/** Gives names that are free in the lab, and remembers them. */
export type FreeNames = {
  /** The first of the candidates that is free, made into a name; with a number behind the last one where none is. */
  readonly take: (...candidates: readonly string[]) => string;
};

/** `taken`: names that the lab has already. */
export function freeNames(taken: readonly string[]): FreeNames {
  const used = new Set(taken);
  return {
    take: (...candidates) => {
      const names = candidates.map(sanitizeName);
      const last = names.at(-1) ?? '';
      let free = names.find((one) => !used.has(one));
      for (let i = 2; free === undefined; i++) if (!used.has(`${last}-${i}`)) free = `${last}-${i}`;
      used.add(free);
      return free;
    },
  };
}
