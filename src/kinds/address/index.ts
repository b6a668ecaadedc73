import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { addressId, sysctlId } from '../../model/ids.ts';
import type { Kind } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Disruption, Operation, PlanLine } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { familyOf } from '../../net/address.ts';
import { onLinkNetworkText, prefixAddressText } from '../../net/prefix.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import { restoreOriginal } from '../observation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import { addressInstructions } from './instructions.ts';
import { observeAddresses } from './observe.ts';
import type { AddressSpec } from './spec.ts';
import { findUnmanagedAddresses } from './unmanaged.ts';

const definition: Kind<AddressSpec> = {
  name: 'address',
  compile,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe: observeAddresses,
  immutable: ['dev', 'existing'],
  markFields: [['former'], ['details']],
  instructions: addressInstructions,
  describe,
  disrupts: disruptionOf(disruptionOfChange),
  restoreTo: restoreOriginal,
  exclusive: ({ dev, prefixes, peers = {} }, netns) =>
    netns === 'host' ? prefixes.map((prefix) => hostSubnetClaim(dev, prefix, peers[prefix])) : [],
  findUnmanaged: findUnmanagedAddresses,
};

/** The lab's addresses of one link, of both families. Others on that link are left alone. */
export const address = defineKind(definition);

const hostSubnetClaim = (dev: string, prefix: string, peer?: string): ExclusiveClaim => ({
  of: 'subnet',
  ...{ prefix: onLinkNetworkText(prefix, peer), address: prefixAddressText(prefix), dev },
  text: onLinkNetworkText(prefix, peer),
});

function compile(lab: Lab): readonly Resource<AddressSpec>[] {
  const place = linkDependencies(lab);
  const existing = new Set(lab.existing.map(({ name }) => name));
  const containers = new Set(lab.namespaces.flatMap(({ name, container }) => (container ? [name] : [])));
  const ipv6Switches = new Set(lab.sysctls.map(({ netns, key }) => sysctlId(netns, key)));
  const own = lab.addresses.filter(({ byPlugin }) => !byPlugin);
  return own.map(({ netns, dev, prefixes, peers, at }) => {
    const { dependsOn, within } = place(netns, [dev]);
    const isExisting = (netns === 'host' && existing.has(dev)) || (dev === 'lo' && containers.has(netns));
    const ipv6 = sysctlId(netns, `net/ipv6/conf/${dev}/disable_ipv6`);
    return {
      kind: 'address',
      id: addressId(netns, dev),
      netns,
      spec: { dev, prefixes: [...new Set(prefixes)], existing: isExisting, ...(peers ? { peers } : {}) },
      dependsOn: [
        ...dependsOn,
        ...(isExisting && prefixes.some((prefix) => familyOf(prefix) === 6) ? forwardingSwitches(dev) : []),
        ...(ipv6Switches.has(ipv6) ? [ipv6] : []),
      ],
      within,
      origin: at,
      note: null,
    };
  });
}

// The kernel announces a router's anycast address twice when forwarding is turned on just after the address came, and
// keeps one for ever: so the switch comes first (`dev_forward_change` and `addrconf_dad_work` in net/ipv6/addrconf.c), also
// that of a former lab, which goes back and leaves the link's own forwarding on.
const forwardingSwitches = (dev: string): readonly string[] =>
  ['all', dev].map((of) => sysctlId('host', `net/ipv6/conf/${of}/forwarding`));

function describe(operation: Operation<AddressSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const name = after?.dev ?? before?.dev ?? '';
  const text = transitionText(before && textOf(before), after && textOf(after));
  return [planLine(operation, { noun: 'address', name, text })];
}

/** An address that comes back with another length is gone for a moment; one that goes takes its connections along. */
function disruptionOfChange(before: AddressSpec, after: AddressSpec): Disruption {
  const removed = before.prefixes.filter((prefix) => !after.prefixes.includes(prefix));
  if (removed.length === 0) return 'none';
  const kept = new Set(after.prefixes.map(prefixAddressText));
  return removed.every((prefix) => kept.has(prefixAddressText(prefix))) ? 'gone-for-a-moment' : 'connections-lost';
}

const textOf = ({ prefixes, peers }: AddressSpec): string =>
  prefixes.map((prefix) => (peers?.[prefix] === undefined ? prefix : `${prefix} peer ${peers[prefix]}`)).join(', ');
