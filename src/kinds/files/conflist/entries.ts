import type { Query } from '../../../model/kernel/need.ts';
import type { Lab } from '../../../model/lab.ts';

/** The conflists among the files of a topology, or of a lab. */
export const conflistsOf = <File extends { readonly kind: string }>(of: {
  readonly files: readonly File[];
}): readonly File[] => of.files.filter(({ kind }) => kind === 'conflist');

/** The needs for the plugins that a lab's conflists call, and for the names of those that are installed. */
export const pluginNeeds = (lab: Lab): Query => {
  const calls = conflistsOf(lab).flatMap(({ plugins }) => plugins);
  const each = calls.map(({ type }) => ({ need: 'plugin', key: type }) as const);
  return calls.length === 0 ? [] : [{ need: 'plugin-names' }, ...each];
};

/** The networks whose plugins are called for interfaces of the lab. */
export const attachedNetworks = ({ attachments }: Lab): ReadonlySet<string> =>
  new Set(attachments.map(({ network }) => network));
