import { canonicalAddress, isMulticastAddress } from '../../../net/address.ts';

/** A multicast group in canonical text, or why a bridge cannot keep one (net/bridge/br_mdb.c, `is_valid_mdb_entry`). */
export type MulticastGroup = { readonly group: string } | { readonly problem: string; readonly hint: string };

const HINT = 'write a multicast address such as 239.1.1.1 or ff05::5, or a multicast MAC such as 01:00:5e:01:01:09';

/** Reads an address of IPv4 or IPv6, or a MAC. */
export function multicastGroup(text: string): MulticastGroup {
  if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) {
    const isForMany = Number.parseInt(text.slice(0, 2), 16) % 2 === 1;
    return isForMany ? { group: text.toLowerCase() } : { problem: 'is not the MAC of a group', hint: HINT };
  }
  const group = canonicalAddress(text);
  if (group === null || !isMulticastAddress(group)) return { problem: 'is not a multicast group', hint: HINT };
  if (/^224\.0\.0\.\d+$/.test(group) || group === 'ff02::1')
    return { problem: 'reaches every port anyhow: it never leaves the LAN', hint: 'leave the entry out' };
  return { group };
}
