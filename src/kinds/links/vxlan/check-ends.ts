import type { CheckName } from '../../../model/diagnostics/check-codes.ts';
import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LinkOptionsContext, LinkTarget } from '../../../model/link-kind.ts';
import { familyOf, isLinkLocalAddress } from '../../../net/address.ts';
import type { VxlanOptions } from './options.ts';

/** Whether a vxlan leads somewhere: its remotes are addresses of others, and the local one its own, all of one family. */
export function checkVxlanEnds({ local, dev }: VxlanOptions, context: LinkOptionsContext): boolean {
  const { phrase, lower, report } = context;
  const remotes = context.targetsOf('remote');
  if (lower?.isItself && context.isWritten('dev')) {
    const message = `${phrase} cannot send its own packets through ${lower.name}`;
    report('vxlan-ends', atValue(context.at('dev')), message, { hint: 'name the interface below it' });
    return false;
  }
  if (!remotes.every((remote, i) => checkRemote(remote, { dev, before: remotes.slice(0, i) }, context))) return false;
  if (!checkFamilies(remotes, local, context) || !checkLocal(local, context)) return false;
  for (const remote of remotes) warnUnknownRemote(remote, context);
  return true;
}

type RemoteContext = Pick<VxlanOptions, 'dev'> & { readonly before: readonly LinkTarget[] };

function checkRemote(remote: LinkTarget, { dev, before }: RemoteContext, context: LinkOptionsContext): boolean {
  const { netns, report } = context;
  const { address, at } = remote;
  const refuse = (check: CheckName, message: string, hint: string): boolean => {
    report(check, atValue(at), message, { hint });
    return false;
  };
  if (context.isOwnAddress(address)) {
    const message = `the remote ${formatTarget(remote)} is ${netns} itself`;
    return refuse('vxlan-ends', message, 'write the address of the other end');
  }
  if (isLinkLocalAddress(address) && address.includes(':') && dev === null) {
    const message = `the remote ${formatTarget(remote)} is link-local, and every link has that network`;
    return refuse('link-local-without-dev', message, 'write `dev:` beside it');
  }
  const isTwice = before.some((other) => other.address === address);
  return !isTwice || refuse('vxlan-ends', `the remote ${formatTarget(remote)} is there twice`, 'write each end once');
}

/** The kernel takes addresses of one family only (`vxlan_fdb_add` in drivers/net/vxlan/vxlan_core.c). */
function checkFamilies(remotes: readonly LinkTarget[], local: string | null, context: LinkOptionsContext): boolean {
  const [first] = remotes;
  const other = remotes.find(({ address }) => first && familyOf(address) !== familyOf(first.address));
  const hint = 'write all as IPv4, or all as IPv6';
  if (first && other) {
    const message = `cannot mix IPv4 and IPv6: remotes ${formatTarget(first)}, ${formatTarget(other)}`;
    context.report('vxlan-ends', atValue(other.at), message, { hint });
    return false;
  }
  if (!first || local === null || familyOf(local) === familyOf(first.address)) return true;
  const message = `cannot mix IPv4 and IPv6: local ${local}, remote ${formatTarget(first)}`;
  context.report('vxlan-ends', atValue(context.at('local')), message, {
    hint: 'write both as IPv4, or both as IPv6',
  });
  return false;
}

function checkLocal(local: string | null, { netns, ownAddresses: own, report, at }: LinkOptionsContext): boolean {
  if (local === null || own === null || own.includes(local)) return true;
  const hint = own.length > 0 ? `${netns} has ${joinLimited(own)}` : `${netns} has no address`;
  report('vxlan-ends', atValue(at('local')), `${local} is not an address of ${netns}`, { hint });
  return false;
}

const formatTarget = ({ address, ref }: LinkTarget): string => (ref === null ? address : `${ref} (${address})`);

/** Warns about a remote that no interface of the lab has on a LAN that only the lab is on: probably a typing error. */
function warnUnknownRemote({ address: remote, at }: LinkTarget, context: LinkOptionsContext): void {
  const { netns, phrase, lanOf, report } = context;
  const lan = lanOf(remote);
  if (!lan || lan.addresses.some(({ address }) => address === remote)) return;
  const others = lan.addresses.filter((one) => one.netns !== netns && familyOf(one.address) === familyOf(remote));
  const names = joinLimited(others.map((one) => `${one.address} (${one.phrase})`));
  const message = `no interface on ${lan.label} has ${remote} (remote of ${phrase})`;
  const hint = others.length > 0 ? `write the intended one: ${names}` : null;
  report('vxlan-ends', atValue(at), message, { severity: 'warning', hint });
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
    'A remote of a vxlan is its own namespace or is written twice, its local address does not belong to its namespace or is of another family than the remote, or its `dev` is itself or the bridge that it is a port of. A remote on a LAN of the lab where no interface has that address is a warning.',
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
