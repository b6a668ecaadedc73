import { hostname, networkInterfaces } from 'node:os';
import { fillFacts, type HostFacts } from '../../reconcile/host-facts.ts';
import type { ReconcileSettings } from '../../reconcile/settings.ts';

/** The variables of a reconcile file, or the fact that this machine lacks for one of them. */
type MachineVariables =
  | { readonly variables: ReadonlyMap<string, string> }
  | { readonly lacks: string; readonly variable: string };

/** The variables of a reconcile file with the facts of this machine filled in. */
export function machineVariables({ vars }: Pick<ReconcileSettings, 'vars'>): MachineVariables {
  const variables = new Map<string, string>();
  if (Object.keys(vars).length === 0) return { variables };
  const facts = readFacts();
  for (const [variable, written] of Object.entries(vars)) {
    const filled = fillFacts(written, facts);
    if ('lacks' in filled) return { lacks: filled.lacks, variable };
    variables.set(variable, filled.text);
  }
  return { variables };
}

/** The name and the IPv4 addresses of this machine. */
const readFacts = (): HostFacts => ({
  name: hostname(),
  addresses: new Map(
    Object.entries(networkInterfaces()).flatMap(([link, all = []]) => {
      const [first] = all.filter(({ family }) => family === 'IPv4');
      return first === undefined ? [] : [[link, first.address] as const];
    }),
  ),
});
