import { ipProtocolName, ipProtocolNumber } from '../../net/ip-protocols.ts';

/** The words that a file may use, beside numbers; `icmp` is of both families. */
export const protocolWords: readonly string[] = 'tcp udp sctp dccp icmp igmp gre esp ah ipip ipv6 l2tp ospf vrrp'.split(
  ' ',
);

/** What nft calls a protocol that is written as a word or as a number from 1 to 255; null: it is neither. */
export function nftProtocols(written: string): readonly string[] | null {
  if (written === 'icmp') return ['icmp', 'ipv6-icmp'];
  if (!protocolWords.includes(written) && !(/^[1-9]\d{0,2}$/.test(written) && Number(written) < 256)) return null;
  const number = ipProtocolNumber(written) ?? Number(written);
  const name = ipProtocolName(number);
  return [NFT_WORDS.has(name) ? name : String(number)];
}

/** nft knows others only where the machine has /etc/protocols. */
const NFT_WORDS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'icmp', 'ipv6-icmp', 'esp', 'ah']);
