import type { CheckName } from '../../model/diagnostics/check-codes.ts';
import type { LinkOptionsContext, LinkTarget } from '../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { familyOf, isLinkLocalAddress } from '../../net/address.ts';

/** The options that the checks of a tunnel's ends are about. `local` and `dev`: left out of kinds that have none. */
export type TunnelEnds = { readonly local?: string | null; readonly dev?: string | null };

/** The check that a kind reports as, and the family that it sends in; null: either, the same for both ends. */
export type TunnelRules = { readonly check: CheckName; readonly family: 4 | 6 | null };

type EndsContext = { readonly link: LinkOptionsContext; readonly rules: TunnelRules };

/** Whether a tunnel leads somewhere: its remotes are addresses of others, and the local one its own, all of one family. */
export function checkTunnelEnds(
  { local = null, dev = null }: TunnelEnds,
  link: LinkOptionsContext,
  rules: TunnelRules,
): boolean {
  const { phrase, lower, report } = link;
  const context: EndsContext = { link, rules };
  const remotes = link.targetsOf('remote');
  if (lower?.isItself && link.isWritten('dev')) {
    const message = `${phrase} cannot send its own packets through ${lower.name}`;
    report(rules.check, atValue(link.at('dev')), message, { hint: 'name the interface below it' });
    return false;
  }
  if (!remotes.every((remote, i) => checkRemote(remote, { dev, before: remotes.slice(0, i) }, context))) return false;
  if (!checkFamilies(remotes, local, context) || !checkLocal(local, context)) return false;
  for (const remote of remotes) warnUnknownRemote(remote, context);
  return true;
}

type RemoteContext = { readonly dev: string | null; readonly before: readonly LinkTarget[] };

function checkRemote(remote: LinkTarget, { dev, before }: RemoteContext, { link, rules }: EndsContext): boolean {
  const { netns, report } = link;
  const { check } = rules;
  const { address, at } = remote;
  const refuse = (as: CheckName, message: string, hint: string): boolean => {
    report(as, atValue(at), message, { hint });
    return false;
  };
  if (link.isOwnAddress(address)) {
    const message = `the remote ${formatTarget(remote)} is ${netns} itself`;
    return refuse(check, message, 'write the address of the other end');
  }
  if (isLinkLocalAddress(address) && address.includes(':') && dev === null) {
    const message = `the remote ${formatTarget(remote)} is link-local, and every link has that network`;
    return refuse('link-local-without-dev', message, 'write `dev:` beside it');
  }
  const isTwice = before.some((other) => other.address === address);
  return !isTwice || refuse(check, `the remote ${formatTarget(remote)} is there twice`, 'write each end once');
}

/** All of one family: that of the kind, or that of the first (`vxlan_fdb_add` in drivers/net/vxlan/vxlan_core.c). */
function checkFamilies(remotes: readonly LinkTarget[], local: string | null, { link, rules }: EndsContext): boolean {
  const { family, check } = rules;
  const { report, at: placeOf } = link;
  const [first] = remotes;
  if (family !== null) {
    const wrong = remotes.find(({ address }) => familyOf(address) !== family);
    const [text, at] = wrong ? [formatTarget(wrong), wrong.at] : [local, placeOf('local')];
    if (text === null || (!wrong && familyOf(text) === family)) return true;
    const message = `${link.phrase} goes over IPv${family}, and ${text} is of IPv${family === 4 ? 6 : 4}`;
    report(check, atValue(at), message, { hint: `write an address of IPv${family}, or another kind of tunnel` });
    return false;
  }
  const other = remotes.find(({ address }) => first && familyOf(address) !== familyOf(first.address));
  const hint = 'write all as IPv4, or all as IPv6';
  if (first && other) {
    const message = `cannot mix IPv4 and IPv6: remotes ${formatTarget(first)}, ${formatTarget(other)}`;
    report(check, atValue(other.at), message, { hint });
    return false;
  }
  if (!first || local === null || familyOf(local) === familyOf(first.address)) return true;
  const message = `cannot mix IPv4 and IPv6: local ${local}, remote ${formatTarget(first)}`;
  report(check, atValue(placeOf('local')), message, { hint: 'write both as IPv4, or both as IPv6' });
  return false;
}

function checkLocal(local: string | null, { link, rules: { check } }: EndsContext): boolean {
  if (local === null) return true;
  const { netns, ownAddresses: own, report, at } = link;
  if (own === null || own.includes(local)) return true;
  const hint = own.length > 0 ? `${netns} has ${joinLimited(own)}` : `${netns} has no address`;
  report(check, atValue(at('local')), `${local} is not an address of ${netns}`, { hint });
  return false;
}

const formatTarget = ({ address, ref }: LinkTarget): string => (ref === null ? address : `${ref} (${address})`);

/** Warns about a remote that no interface of the lab has on a LAN that only the lab is on: probably a typing error. */
function warnUnknownRemote({ address: remote, at }: LinkTarget, { link, rules: { check } }: EndsContext): void {
  const { netns, phrase, lanOf, report } = link;
  const lan = lanOf(remote);
  if (!lan || lan.addresses.some(({ address }) => address === remote)) return;
  const others = lan.addresses.filter((one) => one.netns !== netns && familyOf(one.address) === familyOf(remote));
  const names = joinLimited(others.map((one) => `${one.address} (${one.phrase})`));
  const message = `no interface on ${lan.label} has ${remote} (remote of ${phrase})`;
  const hint = others.length > 0 ? `write the intended one: ${names}` : null;
  report(check, atValue(at), message, { severity: 'warning', hint });
}

/** `a, b, c and 4 more`. */
const joinLimited = (items: readonly string[]): string =>
  items.length <= MOST ? items.join(', ') : `${items.slice(0, MOST).join(', ')} and ${items.length - MOST} more`;

const MOST = 6;
