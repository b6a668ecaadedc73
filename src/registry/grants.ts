import type { GrantNeed } from '../model/results/grant.ts';
import type { Topology, TopologyInterface, TopologyNetns } from '../model/topology.ts';
import { features } from './features.ts';
import { linkKinds } from './kinds.ts';

/** What a topology does beyond wires, in no order: what the language itself has, and what features have. */
export const grantsNeeded = (topology: Topology): readonly GrantNeed[] => {
  const { host, namespaces, files } = topology;
  const own = hostDevices(host);
  const nics = [...namespaces, host].flatMap((netns) => netns.interfaces.flatMap((one) => nicGrants(netns, one, own)));
  const attachments = [...namespaces, host].flatMap((netns) =>
    netns.interfaces.flatMap(({ name, attachment }): readonly GrantNeed[] =>
      attachment === null ? [] : [{ grant: 'cni', what: `the plugins for ${netns.name}:${name}`, at: attachment.at }],
    ),
  );
  return [
    ...namespaces.flatMap(({ container }): readonly GrantNeed[] =>
      container === null ? [] : [{ grant: 'container', what: `the container ${container.ref}`, at: container.at }],
    ),
    ...nics,
    ...attachments,
    ...files.flatMap(({ name, at, file }): readonly GrantNeed[] => [
      { grant: 'cni', what: `the network ${name}`, at },
      ...(file?.value.startsWith('/')
        ? [{ grant: 'file' as const, what: `the file ${file.value}`, at: file.at, path: file.value }]
        : []),
    ]),
    ...features.flatMap(({ grants }) => grants?.(topology) ?? []),
  ];
};

/** The links of the machine that the topology makes itself. */
const hostDevices = ({ interfaces, bridges }: TopologyNetns): ReadonlySet<string> =>
  new Set([
    ...interfaces.filter(({ existing, own }) => !existing && !isFound(own)).map(({ name }) => name),
    ...bridges.map(({ name }) => name),
  ]);

function nicGrants(
  netns: TopologyNetns,
  { name, at, existing, own }: TopologyInterface,
  devices: ReadonlySet<string>,
): readonly GrantNeed[] {
  if (existing || isFound(own)) return [{ grant: 'nic', what: `the NIC behind ${netns.name}:${name}`, at }];
  if (own === null || own === 'wrong') return [];
  const written = [...Object.values(own.values), ...Object.values(own.more ?? {}).flat()];
  return written.flatMap((value): readonly GrantNeed[] => {
    const device = deviceOf(value?.value);
    const isHost = device !== null && (device.netns === 'host' || (device.netns === null && netns.name === 'host'));
    return isHost && !devices.has(device.name) ? [{ grant: 'nic', what: `the NIC ${device.name}`, at: own.at }] : [];
  });
}

const isFound = (own: TopologyInterface['own']): boolean =>
  own !== null && own !== 'wrong' && linkKinds.get(own.kind)?.isFound === true;

const deviceOf = (value: unknown): { readonly netns: string | null; readonly name: string } | null =>
  typeof value === 'object' && value !== null && 'netns' in value && 'name' in value && typeof value.name === 'string'
    ? { netns: typeof value.netns === 'string' ? value.netns : null, name: value.name }
    : null;
