import type { LabModel } from '../../lab/model.ts';
import type { NamedPorts } from '../../lab/naming/named-ports.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { ResolvedService } from './resolve.ts';
import type { UnknownTargetPort } from './resolved.ts';
import type { ServiceRule } from './rule.ts';

type ServiceTarget = ServiceRule['targets'][number];
/** A target whose port has a name: where that is written, and no number yet. */
type NamedServiceTarget = ServiceTarget & { readonly portName: string; readonly at: Path };

const isNamed = (target: ServiceTarget): target is NamedServiceTarget => 'portName' in target;

/**
 * Services with the numbers that their endpoints give to ports of a name, each its own. An endpoint without such a port is not
 * among the targets, and is named.
 */
export function nameTargetPorts(world: LabModel, services: readonly ResolvedService[], named: NamedPorts) {
  const netnsOf = namespacesByAddress(world);
  const unknown = new Map<string, Omit<UnknownTargetPort, 'endpoints'> & { readonly endpoints: Set<string> }>();
  const toTarget = (rule: ServiceRule, target: ServiceTarget): readonly ServiceTarget[] => {
    if (!isNamed(target)) return [target];
    const { portName, at, ...rest } = target;
    const places = netnsOf.get(target.address) ?? [];
    const claim = (named.get(portName) ?? []).find(
      ({ netns, claim }) => places.includes(netns) && claim.protocols.includes(rule.protocol),
    )?.claim;
    if (claim) return [{ ...rest, port: claim.ports.first }];
    const name = `${portName}/${rule.protocol}`;
    const key = `${at.join('/')} ${name}`;
    const known = unknown.get(key) ?? { service: rule.service, name, at, endpoints: new Set() };
    unknown.set(key, known);
    known.endpoints.add(target.label);
    return [];
  };
  return {
    services: services.map((one) => ({
      ...one,
      nodes: one.nodes.map(({ netns, rules }) => ({
        netns,
        rules: rules.map((rule) => ({ ...rule, targets: rule.targets.flatMap((target) => toTarget(rule, target)) })),
      })),
    })),
    unknownPorts: [...unknown.values()].map((one) => ({ ...one, endpoints: [...one.endpoints] })),
  };
}

function namespacesByAddress(world: LabModel): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [netns, all] of world.addressesByNetns) for (const { address } of all) appendTo(found, address, netns);
  return found;
}
