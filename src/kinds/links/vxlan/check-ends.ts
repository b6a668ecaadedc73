import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LinkOptionsContext } from '../../../model/link-kind.ts';
import { familyOf, isLinkLocalAddress } from '../../../net/address.ts';
import type { VxlanOptions } from './options.ts';

/** Whether a vxlan leads somewhere: its remote is another's address, and the local one its own, both of one family. */
export function checkVxlanEnds({ remote, local, dev }: VxlanOptions, context: LinkOptionsContext): boolean {
  const { netns, phrase, lower, report } = context;
  const at = (field: string) => atValue(context.at(field));
  const ref = context.refOf('remote');
  const written = ref === null ? remote : `${ref} (${remote})`;
  if (lower?.isItself && context.isWritten('dev')) {
    const message = `${phrase} cannot send its own packets through ${lower.name}`;
    report('vxlan-ends', at('dev'), message, { hint: 'name the interface below it' });
    return false;
  }
  if (context.isOwnAddress(remote)) {
    const message = `the remote ${written} is ${netns} itself`;
    report('vxlan-ends', at('remote'), message, { hint: 'write the address of the other end' });
    return false;
  }
  if (isLinkLocalAddress(remote) && remote.includes(':') && dev === null) {
    const message = `the remote ${written} is link-local, and every link has that network`;
    report('link-local-without-dev', at('remote'), message, { hint: 'write `dev:` beside it' });
    return false;
  }
  if (local !== null && familyOf(local) !== familyOf(remote)) {
    const message = `cannot mix IPv4 and IPv6: local ${local}, remote ${written}`;
    report('vxlan-ends', at('local'), message, { hint: 'write both as IPv4, or both as IPv6' });
    return false;
  }
  const own = context.ownAddresses;
  if (local !== null && own !== null && !context.isOwnAddress(local)) {
    const hint = own.length > 0 ? `${netns} has ${joinLimited(own)}` : `${netns} has no address`;
    report('vxlan-ends', at('local'), `${local} is not an address of ${netns}`, { hint });
    return false;
  }
  warnUnknownRemote(remote, context);
  return true;
}

/** Warns about a remote that no interface of the lab has on a LAN that only the lab is on: probably a typing error. */
function warnUnknownRemote(remote: string, { netns, phrase, lanOf, report, at }: LinkOptionsContext): void {
  const lan = lanOf(remote);
  if (!lan || lan.addresses.some(({ address }) => address === remote)) return;
  const others = lan.addresses.filter((one) => one.netns !== netns && familyOf(one.address) === familyOf(remote));
  const names = joinLimited(others.map((one) => `${one.address} (${one.phrase})`));
  const message = `no interface on ${lan.label} has ${remote} (remote of ${phrase})`;
  const hint = others.length > 0 ? `write the intended one: ${names}` : null;
  report('vxlan-ends', atValue(at('remote')), message, { severity: 'warning', hint });
}

/** `a, b, c and 4 more`. */
const joinLimited = (items: readonly string[]): string =>
  items.length <= MOST ? items.join(', ') : `${items.slice(0, MOST).join(', ')} and ${items.length - MOST} more`;

const MOST = 6;

/** The entry of `vxlan-ends` in docs/checks.md. */
export const vxlanEndsDoc: CheckDoc = {
  name: 'vxlan-ends',
  code: 'NF2011',
  title: 'Unreachable VXLAN endpoint',
  explain:
    'The remote of a vxlan is its own namespace, its local address does not belong to its namespace or is of another family than the remote, or its `dev` is itself or the bridge that it is a port of. A remote on a LAN of the lab where no interface has that address is a warning.',
  bad: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.1 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  good: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.2 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
};
