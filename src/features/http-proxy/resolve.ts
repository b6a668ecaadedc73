import type { LabModel } from '../../lab/model.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { addressId, processId } from '../../model/ids.ts';
import { labRunFolder } from '../../model/kernel/lab-process.ts';
import type { LabName, LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { haproxy, type ProxyData, type ProxyServer } from '../../programs/haproxy.ts';
import { type TopologyIngress, type TopologyIngressTarget, writtenIngress } from './topology.ts';

/** The name of the process of a proxy. */
export const INGRESS_PROCESS = 'ingress';

/** The proxies, each with its process, its files and its ports. */
export function resolveIngresses({ world, named }: FeatureContext): FeatureContribution {
  const found = world.topology.namespaces.flatMap((netns) => {
    const written = writtenIngress(netns);
    return written === null || written.listen.length === 0
      ? []
      : [{ netns: netns.name, written, data: toData(world, named, netns, written) }];
  });
  if (found.length === 0) return {};
  const runs = found.map(({ netns, data, written }) => {
    const links = new Set((world.addressesByNetns.get(netns) ?? []).map(({ link }) => link.name));
    return haproxy(data, {
      ...{
        netns,
        name: INGRESS_PROCESS,
        at: written.at,
        folder: `${labRunFolder(world.topology.name, netns)}/ingress`,
      },
      after: [...links].map((dev) => addressId(netns, dev)),
    });
  });
  return {
    value: found,
    processes: runs.map(({ process }) => process),
    storedFiles: runs.flatMap(({ storedFiles }) => storedFiles),
    ports: found.flatMap(({ netns, written }) => claims(netns, written)),
  };
}

const claims = (netns: string, { listen }: TopologyIngress): readonly LabPortClaim[] =>
  listen.flatMap(({ value: { port }, at }) =>
    ([4, 6] as const).map((family) => ({
      ...{ netns, family, address: null, ports: { first: port, last: port }, protocols: ['tcp'] as const, at },
      use: 'taken by its ingress',
      process: processId(netns, INGRESS_PROCESS),
    })),
  );

function toData(world: LabModel, named: readonly LabName[], netns: TopologyNetns, written: TopologyIngress): ProxyData {
  const servers = (targets: readonly TopologyValue<TopologyIngressTarget>[]) =>
    targets.flatMap((target) => serversOf(world, named, netns, target));
  return {
    listen: written.listen.map(({ value }) => value),
    routes: written.paths.map(({ host, path, isExact, targets, rewrite }) => ({
      host,
      path,
      isExact,
      servers: servers(targets),
      rewrite,
    })),
    fallback: written.fallback && servers(written.fallback),
  };
}

/** The servers of a target, in the first family that the proxy and the target have; of a service its address. */
function serversOf(
  world: LabModel,
  named: readonly LabName[],
  netns: TopologyNetns,
  { value: { target, port, weight }, at }: TopologyValue<TopologyIngressTarget>,
): readonly ProxyServer[] {
  const toServer = (address: string): ProxyServer => ({ address, port, weight });
  if ('address' in target) return [toServer(target.address)];
  const { name, part } = target.ref;
  const service = part === null ? named.find((one) => isCalled(one, name, projectOf(netns))) : undefined;
  if (service) {
    const all = inOneFamily(world, netns.name, service.addresses);
    return (service.service?.isHeadless ? all : all.slice(0, 1)).map(toServer);
  }
  const addresses = resolveNameAddresses(world, { value: target.ref, at });
  if (addresses === null) return [];
  const shared = addressesOnSharedLan(world, netns.name, addresses);
  const usable = (shared.length > 0 ? shared : addresses).filter(({ link }) => link.kind !== 'lo');
  const [address] = inOneFamily(
    world,
    netns.name,
    usable.map((one) => one.address),
  );
  if (address !== undefined) return [toServer(address)];
  const hint = 'give it one, or send the requests to another namespace';
  world.report(
    makeDiagnostic('ingress-target', atValue(at), `${name} has no address that requests could be sent to`, { hint }),
  );
  return [];
}

/** By its name in the own project, `web.apps` elsewhere, or as the file writes it. */
const isCalled = ({ name, service }: LabName, asked: string, project: string): boolean =>
  service === undefined
    ? name === asked
    : asked === `${service.name}.${service.project}` ||
      asked === name ||
      (asked === service.name && service.project === project);

function inOneFamily(world: LabModel, netns: string, addresses: readonly string[]): readonly string[] {
  const own = new Set((world.addressesByNetns.get(netns) ?? []).map(({ address }) => familyOf(address)));
  const families = ([4, 6] as const).filter(
    (family) => own.has(family) && addresses.some((one) => familyOf(one) === family),
  );
  const [first] = families;
  return addresses.filter((one) => familyOf(one) === (first ?? familyOf(addresses[0] ?? '')));
}
