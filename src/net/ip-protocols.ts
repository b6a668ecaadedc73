// linux/in.h, IPPROTO_*: the names that `ip rule` and /etc/protocols have for them.
const NUMBERS: { readonly [name: string]: number } = {
  ...{ icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, dccp: 33, ipv6: 41, gre: 47, esp: 50, ah: 51 },
  ...{ 'ipv6-icmp': 58, ospf: 89, vrrp: 112, l2tp: 115, sctp: 132, udplite: 136 },
};

/** `tcp` of 6, or the number where it has no name here. */
export const ipProtocolName = (number: number): string =>
  Object.entries(NUMBERS).find(([, one]) => one === number)?.[0] ?? String(number);

/** 6 of `tcp`; null of a name that is not known here. */
export const ipProtocolNumber = (name: string): number | null => NUMBERS[name] ?? null;
