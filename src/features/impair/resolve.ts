import type { LabModel, ModelLink } from '../../lab/model.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import type { Impairment } from '../../model/kernel/impairment.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { Topology } from '../../model/topology.ts';
import { type LabImpairment, writtenCableImpairments, writtenImpairments } from './topology.ts';

const NETEM = { need: 'queue-kind', key: 'netem' } as const;

/** Whether the kernel has netem is asked where something is to be impaired. */
export const impairQuery = (topology: Topology): Query =>
  writtenCableImpairments(topology).length > 0 || netnsOf(topology).some((one) => writtenImpairments(one).length > 0)
    ? [NETEM]
    : [];

const netnsOf = ({ namespaces, host }: Topology) => [...namespaces, host];

/** The links that are impaired, each once. Without a machine to ask, kernels have netem. */
export function resolveImpairments({ world, live }: FeatureContext): readonly LabImpairment[] {
  const found = new Map<string, LabImpairment>();
  if (impairQuery(world.topology).length === 0) return [];
  const by = live.get(NETEM) === false ? 'parts' : 'netem';
  const add = (netns: string, label: string, { impairment, at }: WrittenImpairment): void => {
    const link = world.wiring.devices.get(netns)?.get(label);
    if (!link || !isImpairable(world, link, at)) return;
    const key = `${netns}/${link.name}`;
    const first = found.get(key);
    if (first) {
      const message = `${netns}:${label} is impaired twice`;
      const related = [{ at: atKey(first.at), message: 'the first time here' }];
      const hint = 'a cable impairs both ends: leave one of them out';
      world.report(makeDiagnostic('cable-conflict', atKey(at), message, { related, hint }));
    } else found.set(key, { netns, dev: link.name, impairment, by, at });
  };
  for (const netns of netnsOf(world.topology))
    for (const one of writtenImpairments(netns)) add(netns.name, one.dev, one);
  for (const one of writtenCableImpairments(world.topology))
    for (const { value } of one.ends) if (value.part !== null) add(value.name, value.part, one);
  return [...found.values()];
}

type WrittenImpairment = { readonly impairment: Impairment; readonly at: Path };

/** Links of the machine are left as they are, and so are loopbacks. */
function isImpairable({ report }: LabModel, { kind, name }: ModelLink, at: Path): boolean {
  if (kind !== 'existing' && kind !== 'lo') return true;
  const message =
    kind === 'lo'
      ? 'lo cannot be impaired'
      : `${name} is a link that the machine has; netform does not impair it for everyone`;
  report(makeDiagnostic('bad-value', atKey(at), message, { hint: 'impair a link that the lab makes' }));
  return false;
}
