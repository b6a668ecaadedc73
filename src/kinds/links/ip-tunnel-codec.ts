import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import type { AttributeReader, LinkCodec } from '../../model/link-kind.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeU8,
  decodeU32,
  optionalAttribute,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../net/unusual-attributes.ts';

/** Where a tunnel leads: null is any end, any address, whichever link. `key`, `mode`: left out of kinds that have none. */
export type IpTunnelOptions = {
  readonly mode?: string;
  readonly remote: string | null;
  readonly local: string | null;
  readonly dev: string | null;
  readonly key?: number | null;
  readonly ttl: number;
};

/** The numbers of the attributes in IFLA_INFO_DATA, which differ between GRE and the others. Null: the kind has none. */
export type TunnelNumbers = {
  readonly link: number;
  readonly local: number;
  readonly remote: number;
  readonly ttl: number;
  /** IFLA_GRE_IFLAGS, OFLAGS, IKEY and OKEY. */
  readonly key: {
    readonly iflags: number;
    readonly oflags: number;
    readonly ikey: number;
    readonly okey: number;
  } | null;
  /** IFLA_*_PMTUDISC (IPv4) is on, IFLA_*_ENCAP_LIMIT (IPv6) is 4 in a new tunnel. */
  readonly usual: { readonly number: number; readonly name: string; readonly value: number };
  /** IFLA_IPTUN_PROTO, with the number of each mode; the first is that of a new tunnel. */
  readonly protocol: { readonly number: number; readonly modes: TunnelModes } | null;
  /** Further attributes that make another tunnel of it. */
  readonly others: readonly (readonly [number: number, name: string, usual?: number])[];
  /** Attributes that say nothing new. */
  readonly ignored?: readonly number[];
  /** IFLA_*_FLAGS (IPv6), whose upper half is state. */
  readonly flags?: number;
};

type TunnelModes = { readonly [mode: string]: number };

/** linux/if_tunnel.h: enum of IFLA_GRE_*, of both families. */
export const GRE_NUMBERS = {
  ...{ link: 1, local: 6, remote: 7, ttl: 8 },
  key: { iflags: 2, oflags: 3, ikey: 4, okey: 5 },
  protocol: null,
} as const;

/** linux/if_tunnel.h: enum of IFLA_IPTUN_*, of both families. */
export const IPTUN_NUMBERS = { link: 1, local: 2, remote: 3, ttl: 4, key: null } as const;

/** GRE_KEY of linux/if_tunnel.h, in network byte order. */
const GRE_KEY = 0x2000;
const STATE_FLAGS = 0xffff;

type TunnelCodecRules = { readonly family: 4 | 6; readonly hasKey: boolean; readonly numbers: TunnelNumbers };

/** IFLA_INFO_DATA of a tunnel. What is zero is left out, apart from the protocol: the kernel takes what is not there for that, in changes too. */
export function ipTunnelCodec({ family, hasKey, numbers }: TunnelCodecRules): LinkCodec<IpTunnelOptions> {
  const { link, local, remote, ttl, usual, protocol } = numbers;
  return {
    encode: (options, { lower }) => [
      ...optionalAttribute(lower, (index) => u32Attribute(link, index)),
      ...keyAttributes(numbers, options.key ?? null),
      ...optionalAttribute(options.local, (address) => bytesAttribute(local, addressBytes(address))),
      ...optionalAttribute(options.remote, (address) => bytesAttribute(remote, addressBytes(address))),
      ...(options.ttl ? [u8Attribute(ttl, options.ttl)] : []),
      u8Attribute(usual.number, usual.value),
      ...(protocol ? [u8Attribute(protocol.number, protocol.modes[options.mode ?? ''] ?? 0)] : []),
    ],
    decode: (data, { nameOf }) => {
      const mode = protocol ? modeOf(protocol.modes, decodeU8(data.get(protocol.number))) : undefined;
      const different = [...differences(data, numbers), ...flagDifference(data, numbers.flags)];
      if (different.length > 0 || mode === null) return { options: null, unknown: different };
      const dev = decodeU32(data.get(link)) ?? 0;
      const options: IpTunnelOptions = {
        ...(mode === undefined ? {} : { mode }),
        remote: decodeEnd(data.get(remote), family),
        local: decodeEnd(data.get(local), family),
        dev: dev === 0 ? null : nameOf(dev),
        ...(hasKey ? { key: keyOf(data, numbers) } : {}),
        ttl: decodeU8(data.get(ttl)) ?? 0,
      };
      return { options, unknown: [] };
    },
  };
}

const keyAttributes = ({ key: numbers }: TunnelNumbers, key: number | null): readonly Buffer[] =>
  numbers === null || key === null
    ? []
    : [
        bytesAttribute(numbers.ikey, keyBytes(key)),
        bytesAttribute(numbers.okey, keyBytes(key)),
        bytesAttribute(numbers.iflags, Buffer.from([GRE_KEY >> 8, 0])),
        bytesAttribute(numbers.oflags, Buffer.from([GRE_KEY >> 8, 0])),
      ];

function keyBytes(key: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(key);
  return bytes;
}

const modeOf = (modes: TunnelModes, number: number | null): string | null =>
  Object.keys(modes).find((mode) => modes[mode] === (number ?? 0)) ?? null;

/** An end of zeros is any. */
const decodeEnd = (payload: Buffer | undefined, family: 4 | 6): string | null =>
  payload?.length === (family === 4 ? 4 : 16) && payload.some((byte) => byte !== 0) ? decodeIpAddress(payload) : null;

function keyOf(data: AttributeReader, { key }: TunnelNumbers): number | null {
  const has = key !== null && data.get(key.oflags)?.readUInt16BE() === GRE_KEY;
  return has ? (data.get(key.okey)?.readUInt32BE() ?? null) : null;
}

/** What makes another tunnel of it than any that the language has. */
function differences(data: AttributeReader, numbers: TunnelNumbers): readonly UnknownAttribute[] {
  const { link, local, remote, ttl, key, usual, protocol, others, flags } = numbers;
  const read = [link, local, remote, ttl, ...(key ? Object.values(key) : []), ...(flags === undefined ? [] : [flags])];
  const table: UsualAttributes = {
    read: new Set([...read, ...(numbers.ignored ?? []), ...(protocol ? [protocol.number] : [])]),
    usual: usualAttributes([
      [usual.number, usual.name, usual.value],
      ...others.map(([number, name, value = 0]) => [number, name, value] as const),
    ]),
  };
  return [...keyDifferences(data, numbers), ...listUnusualAttributes(data.bytes(), table)];
}

/** Both ways have the same key, or none; sequence numbers and checksums are not in the language. */
function keyDifferences(data: AttributeReader, { key }: TunnelNumbers): readonly UnknownAttribute[] {
  if (key === null) return [];
  const [iflags, oflags] = [key.iflags, key.oflags].map((number) => data.get(number)?.readUInt16BE() ?? 0);
  const [ikey, okey] = [key.ikey, key.okey].map((number) => data.get(number)?.readUInt32BE() ?? 0);
  const isPlain = iflags === oflags && (iflags === 0 || iflags === GRE_KEY);
  return [
    ...(isPlain ? [] : [{ name: 'flags', value: `${iflags?.toString(16)}/${oflags?.toString(16)}` }]),
    ...(ikey === okey ? [] : [{ name: 'keys', value: `${ikey}/${okey}` }]),
  ];
}

function flagDifference(data: AttributeReader, number: number | undefined): readonly UnknownAttribute[] {
  const set = number === undefined ? 0 : (decodeU32(data.get(number)) ?? 0) & STATE_FLAGS;
  return set === 0 ? [] : [{ name: 'flags', value: set.toString(16) }];
}
