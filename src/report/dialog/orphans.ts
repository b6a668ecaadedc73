import { EXIT, netformError } from '../../model/error.ts';
import type { Json } from '../../model/json.ts';
import { type Orphan, type OrphanRecovery, orphanName } from '../../model/results/orphan.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { isInteractive, promptYesNo } from './prompt.ts';

/** Asks whether to delete orphans, or to record them again, on a terminal. Throws E_NOT_CONFIRMED without one. */
export function confirmOrphans({ lab, back }: OrphanRecovery): Promise<boolean> {
  const what = lab === null ? 'Delete all of these?' : `Record ${back.length} resources of the lab ${lab} again?`;
  if (isInteractive()) return promptYesNo(what);
  throw netformError('E_NOT_CONFIRMED', EXIT.usage, 'no terminal to confirm on', {
    hint: 'run it again with --yes; nothing was changed',
  });
}

/** What was found, before the question. */
export const orphanListText = ({ lab, orphans, back }: OrphanRecovery): string => {
  const head = lab === null ? 'Marked by netform, without a record:' : `Of the lab ${lab}, to be recorded again:`;
  const lines = lab === null ? orphans.map(orphanLine) : back;
  return `${[head, ...lines.map((line) => `  ${escapeControl(line)}`)].join('\n')}\n`;
};

const orphanLine = (orphan: Orphan): string => {
  const { lab, noun, netns } = orphan;
  const what =
    noun === 'link' ? `link ${orphanName(orphan)}` : noun === 'namespace' ? `namespace ${netns}` : orphanName(orphan);
  return `${what}${noun !== 'namespace' && netns !== 'host' ? ` in ${netns}` : ''}   (lab ${lab})`;
};

/** What was done. */
export function orphanSummary({ status, lab, orphans, back }: OrphanRecovery): string {
  if (status === 'none') return 'Everything that carries a mark of netform is in a record.\n';
  if (status === 'declined') return 'Nothing was changed.\n';
  if (lab === null) return `Deleted ${orphans.length} objects without a record.\n`;
  return `Recorded ${lab} again with ${back.length} resources; netform plan shows what differs from the file.\n`;
}

export const orphansJson = ({ status, lab, orphans, back }: OrphanRecovery): { readonly [key: string]: Json } => ({
  status,
  lab,
  orphans: orphans.map(({ uid: _uid, process: _process, attachment: _attachment, ...rest }) => rest),
  back,
});
