import type { UnsupportedSetting } from '../../../model/kernel/import-facts.ts';
import { dumpLinks } from '../../netlink/link-dump.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import {
  dumpLinkSettings,
  dumpProxyNeighbours,
  dumpStaticFdb,
  dumpWrittenQueues,
  type RawFdbEntry,
} from './setting-dumps.ts';

/** What links of a namespace have that no topology can say. */
export function readUnsupportedSettings({ socket }: NetnsSession): readonly UnsupportedSetting[] {
  const links = dumpLinks(socket);
  const names = new Map(links.map(({ index, name }) => [index, name]));
  const macs = new Set(links.map(({ mac }) => mac));
  const named = <T extends { readonly index: number }>(one: T) => {
    const dev = names.get(one.index);
    return dev === undefined ? [] : [{ ...one, dev }];
  };
  const entries = dumpStaticFdb(socket).filter((entry) => isWritten(entry, macs));
  const settings = [
    ...dumpLinkSettings(socket),
    ...entries.map(({ index, mac, to }) => ({ index, text: `fdb ${mac}${to === null ? '' : ` dst ${to}`}` })),
    ...dumpProxyNeighbours(socket),
    ...dumpWrittenQueues(socket),
  ];
  return settings.flatMap(named).map(({ dev, text }) => ({ dev, text }));
}

const NO_MAC = '00:00:00:00:00:00';

/** The kernel itself makes entries for the MACs of links, for groups, and for the remote end of a tunnel. */
const isWritten = ({ mac, to, isOwn }: RawFdbEntry, macs: ReadonlySet<string>): boolean =>
  !macs.has(mac) && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && (!isOwn || (to !== null && mac !== NO_MAC));
