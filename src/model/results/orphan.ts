import type { ProcessDescription } from '../kernel/lab-process.ts';
import type { AttachmentDescription } from '../lab-parts/attachment.ts';

/** A marked object that no lab on this machine has a record of: its place, its name, and the lab that its mark names. */
export type Orphan = {
  readonly lab: string;
  /** The eight hex digits of the mark; empty where only the name of the lab is on the object. */
  readonly uid: string;
  readonly netns: string;
  readonly noun: 'namespace' | 'link' | 'table' | 'lines in' | 'process' | 'CNI interface';
  readonly name: string;
  /** Of a table that is not of the family inet: its family. */
  readonly family?: string;
  /** Of a process: what it takes to end it, and all that goes with it. */
  readonly process?: ProcessDescription;
  /** Of an interface that CNI plugins made: what they were called with. */
  readonly attachment?: AttachmentDescription;
};

/** What `recover --orphans` found and did; `back`: the ids that are recorded again. */
export type OrphanRecovery = {
  readonly status: 'none' | 'declined' | 'done';
  readonly lab: string | null;
  readonly orphans: readonly Orphan[];
  readonly back: readonly string[];
};

/** `red, lan and red-eth0 carry the mark of the lab mine, but netform has no record of them`: one sentence a lab. */
export function orphanSentences(orphans: readonly Orphan[]): readonly string[] {
  return [...new Set(orphans.map(({ lab }) => lab))].map((lab) => {
    const names = orphans.filter((one) => one.lab === lab).map(orphanName);
    const shown =
      names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
    const list = shown.length === 1 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
    const [carry, them] = names.length === 1 ? ['carries', 'it'] : ['carry', 'them'];
    return `${list} ${carry} the mark of the lab ${lab}, but netform has no record of ${them}`;
  });
}

const MOST_NAMES = 8;

/** `red`, `table netform_mine`, `lines in /etc/hosts`. */
export const orphanName = ({ noun, name }: Orphan): string =>
  noun === 'namespace' || noun === 'link' ? name : `${noun} ${name}`;
