import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';

/** A change of the machine: from nothing, or from another lab of the same name. */
export type Scenario = { readonly before: string | null; readonly after: string };

/** The labs that are shipped, one a number; every second is a change of one into another. The lab is called `lab`. */
export function scenario(nth: number): Scenario {
  const after = textOf(nth);
  return { before: nth % 2 === 0 ? null : textOf(nth + 1), after };
}

const FILES = [
  ...['port-forward', 'two-namespaces', 'red-blue', 'names', 'dual-stack/port-forward', 'docker-bridge'],
  ...['masquerade', 'cni', 'router', 'two-nodes', 'dual-stack/names', 'router-off', 'dual-stack/two-nodes'],
];

function textOf(nth: number): string {
  const text = readFileSync(join(repository, 'topologies', `${FILES[nth % FILES.length]}.yaml`), 'utf8');
  return text.replace(/^name:.*$/m, 'name: lab');
}
