import { isAbsolute, relative } from 'node:path';
import { elaborationQuery } from '../../registry/language.ts';
import { COPIED_TOPOLOGY, readEnabledLab, writeLastGood } from '../../store/enabled-labs.ts';
import type { Session } from '../session.ts';
import { filePlaces } from '../topology/file-places.ts';
import type { TopologyResolution } from '../topology/resolve.ts';

/**
 * Keeps what was applied for the next boot, where the lab comes back then: the topology with includes and variables filled in, and the
 * files in its folder that it names. Files elsewhere stay where they are.
 */
export function keepLastGood({ store, machine }: Session, lab: string, resolved: TopologyResolution): void {
  const { topology, rendered } = resolved.source;
  const folder = topology?.at.folder;
  if (topology === null || readEnabledLab(store, lab) === null) return;
  const needs = folder === undefined ? [] : elaborationQuery(topology, filePlaces(folder));
  const paths = needs.flatMap((need) => (need.need === 'file' || need.need === 'stored-file' ? [need.key] : []));
  const live = machine.read([...new Set(paths)].map((key) => ({ need: 'file', key }) as const));
  const files = new Map<string, string>();
  for (const path of new Set(paths)) {
    const inside = relative(folder ?? '/', path);
    const bytes = live.get({ need: 'file', key: path });
    const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside) && inside !== COPIED_TOPOLOGY;
    if (bytes !== null && isInside) files.set(inside, bytes);
  }
  writeLastGood(store, lab, { topology: rendered, files });
}
