import { conflist } from '../kinds/files/conflist/index.ts';
import { type ConflistFile, readConflistFile } from '../kinds/files/conflist/read-file.ts';
import { type JsonDocument, readJson } from '../kinds/files/conflist/read-json.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import { invariant } from '../model/error.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import type { Topology, TopologyFile } from '../model/topology.ts';
import { checkLab } from './checks.ts';
import { elaborateTopology, loadTopology } from './language.ts';

export { type ConflistFile, type JsonDocument, readConflistFile, readJson };

/** Network configurations that come from files and not from a topology, as a lab that has nothing else. */
export type ConflistLab = { readonly topology: Topology; readonly lab: Lab };

/** A lab that has only these configurations. */
export function labOfConflists(files: readonly TopologyFile[]): ConflistLab {
  const { topology: empty } = loadTopology('version: 1\nname: lint\n', { file: 'lint', vars: {}, varFile: null });
  invariant(empty !== null, 'a topology of nothing but a name can be read');
  const topology = { ...empty, files };
  return { topology, lab: elaborateTopology(topology, {}) };
}

/** What `checkConflists` has to know of the plugins of this machine. */
export const conflistQuery = ({ lab }: ConflistLab): Query =>
  conflist.machineChecks.flatMap(({ query }) => query?.(lab) ?? []);

/** What is wrong with them, in themselves and on this machine. */
export function checkConflists({ topology, lab }: ConflistLab, live: LiveState): readonly Diagnostic[] {
  const names = new Set<string>(conflist.checks.map(({ name }) => name));
  const own = checkLab(topology, lab).filter(({ check }) => names.has(check));
  const context = { recorded: [], file: '' };
  return [...own, ...conflist.machineChecks.flatMap((check) => check.find(lab, live, context))];
}
