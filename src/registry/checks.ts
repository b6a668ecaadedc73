import type { MachineCheck, MachineCheckContext } from '../checks/check.ts';
import { coreLabChecks, coreMachineChecks } from '../checks/index.ts';
import { fileKinds } from '../kinds/files/index.ts';
import type { LabCheck } from '../model/diagnostics/check-doc.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';
import { features } from './features.ts';
import { linkKinds } from './kinds.ts';

/** The rules over the file, in order of precedence: of several findings at one place only the first is reported. */
export const labChecks: readonly LabCheck[] = byRank([
  ...coreLabChecks,
  ...[...linkKinds.values()].flatMap(({ checks }) => checks),
  ...features.flatMap(({ checks = [] }) => checks),
  ...fileKinds.flatMap(({ checks }) => checks),
]);

/** The rules over the lab and this machine, in order of precedence. */
export const machineChecks: readonly MachineCheck[] = byRank([
  ...coreMachineChecks,
  ...fileKinds.flatMap(({ machineChecks }) => machineChecks),
  ...features.flatMap(({ machineChecks = [] }) => machineChecks),
]);

function byRank<T extends { readonly rank?: number }>(checks: readonly T[]): readonly T[] {
  const rankOf = ({ rank = Number.MAX_SAFE_INTEGER }: T): number => rank;
  return checks.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/**
 * Checks the lab, apart from `lab.problems`: one finding per place, and none where resolving has already
 * found a mistake. What would happen to packets is only said of a lab without errors; `before`: what is said of the text.
 */
export function checkLab(topology: Topology, lab: Lab, before: readonly Diagnostic[] = []): readonly Diagnostic[] {
  const found = labChecks.filter(({ ofTraffic }) => !ofTraffic).flatMap((check) => check.find(topology, lab));
  const plain = firstAtEachPlace(found, lab.problems.filter(isError));
  if ([...before, ...lab.problems, ...plain].some(isError)) return plain;
  const traffic = labChecks.filter(({ ofTraffic }) => ofTraffic).flatMap((check) => check.find(topology, lab));
  return [...plain, ...firstAtEachPlace(traffic, [...lab.problems, ...plain])];
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Checks the lab against this machine. `live` must hold what `machineQuery` asks for, and what the plan was made from. */
export function checkMachine(lab: Lab, live: LiveState, context: MachineCheckContext): readonly Diagnostic[] {
  const found = machineChecks
    .filter(({ query }) => query === undefined || query(lab).length > 0)
    .flatMap((check) => check.find(lab, live, context));
  return firstAtEachPlace(found, []);
}

/** What the machine checks have to read, beyond what the kinds ask for. */
export const machineQuery = (lab: Lab): Query => machineChecks.flatMap(({ query }) => query?.(lab) ?? []);

function firstAtEachPlace(found: readonly Diagnostic[], before: readonly Diagnostic[]): readonly Diagnostic[] {
  const spoken = new Set(before.map(placeKey));
  return found.filter((diagnostic) => {
    const key = placeKey(diagnostic);
    if (diagnostic.at !== null && spoken.has(key)) return false;
    spoken.add(key);
    return true;
  });
}

/** A key and its value are one place. */
function placeKey({ at }: Diagnostic): string {
  if (at === null) return '';
  return 'path' in at ? at.path.join('\n') : `${at.start}-${at.end}`;
}
