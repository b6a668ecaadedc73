import type { LabModel } from '../../lab/model.ts';
import { nameInProject } from '../../lab/naming/project-names.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import type { LabName, LabNamedService, LabServedName } from '../../model/lab-parts/lab-registers.ts';
import { isLinkLocalAddress } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';

/** The domain of a lab with services that writes none. */
const CLUSTER_DOMAIN = 'cluster.local';

/** The domain of a lab's names: what it writes, in a lab with services that of a cluster. Null: it has none. */
export const domainOf = (written: string | null, named: readonly LabName[]): string | null =>
  written ?? (hasServices(named) ? CLUSTER_DOMAIN : null);

/** Whether the names of a cluster are served. */
export const hasServices = (named: readonly LabName[]): boolean => named.some(({ service }) => service !== undefined);

/** Where a pod of a project looks for short names, as in the resolv.conf that the kubelet writes. */
export const clusterSearch = (project: string, domain: string): readonly string[] => [
  `${project}.svc.${domain}`,
  `svc.${domain}`,
  domain,
];

/**
 * The names that Kubernetes gives to services and pods (its "DNS-Based Service Discovery"): `web.apps.svc`, `10-1-0-5.apps.pod`, for a
 * headless service one for each endpoint, and SRV names for ports that have one. All in the domain.
 */
export function clusterNames(
  { topology, addressesByNetns }: LabModel,
  named: readonly LabName[],
  domain: string,
): readonly LabServedName[] {
  const owners = new Map(
    topology.namespaces.flatMap((netns) =>
      (addressesByNetns.get(netns.name) ?? []).map(({ address }) => [
        address,
        nameInProject(netns.name, projectOf(netns)),
      ]),
    ),
  );
  const services = named.flatMap(({ service, addresses, at }) =>
    addresses.flatMap((address) =>
      service ? serviceNames(service, address, owners.get(address) ?? null).map((one) => ({ ...one, at })) : [],
    ),
  );
  const pods = topology.namespaces.flatMap((netns) =>
    (addressesByNetns.get(netns.name) ?? [])
      .filter(({ address }) => !isLinkLocalAddress(address) && !isLoopback(address))
      .map(({ address }) => ({ name: `${dashed(address)}.${projectOf(netns)}.pod`, address, at: netns.at })),
  );
  return [...services, ...pods].map((one) => ({ ...one, domain, netns: null }));
}

/** The names of one address of a service; `owner`: the pod that has it, which of a headless service is a name, too (as of a StatefulSet). */
function serviceNames({ name, project, ports, isHeadless }: LabNamedService, address: string, owner: string | null) {
  const whole = `${name}.${project}.svc`;
  const services = ports.map((one) => ({ name: `_${one.name}._${one.protocol}.${whole}`, port: one.port }));
  if (!isHeadless) return [{ name: whole, address, services }];
  return [
    { name: whole, address },
    { name: `${dashed(address)}.${whole}`, address, services },
    ...(owner === null ? [] : [{ name: `${owner}.${whole}`, address }]),
  ];
}

/** `10-1-0-5`, `fd00-10--5`. */
const dashed = (address: string): string => address.replaceAll(/[.:]/g, '-');
