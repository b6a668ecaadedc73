import type { LinkFields, LinkKind, LinkKindDocs } from '../../model/link-kind.ts';
import { defineLinkKind, type LinkKindModule } from './define-link-kind.ts';
import { type IpTunnelOptions, ipTunnelCodec, type TunnelNumbers } from './ip-tunnel-codec.ts';
import { checkTunnelEnds } from './tunnel-ends.ts';

/** The words and numbers of one kind of tunnel that packs packets, or frames, into IP. */
export type IpTunnel = {
  readonly name: string;
  readonly phrase: string;
  readonly explain: string;
  /** The network that it goes over. */
  readonly family: 4 | 6;
  /** `frames`: it has a MAC, and can be a port of a bridge. */
  readonly carries: 'packets' | 'frames';
  readonly hasKey: boolean;
  /** Bytes of its headers below, without those of a key. */
  readonly headers: number;
  readonly numbers: TunnelNumbers;
  readonly docs: LinkKindDocs;
};

/** Bytes of a key (RFC 2890). */
const KEY_BYTES = 4;

/** A kind of tunnel of the kernel's net/ipv4/ip_tunnel.c, net/ipv4/ip_gre.c, net/ipv6/ip6_gre.c or net/ipv6/ip6_tunnel.c. */
export function defineIpTunnel(tunnel: IpTunnel): LinkKindModule {
  const { name, phrase, explain, family, carries, hasKey, headers, docs } = tunnel;
  const hasMode = tunnel.numbers.protocol !== null;
  return defineLinkKind<IpTunnelOptions>({
    ...{ name, phrase, section: 'interfaces', explain, docs, lower: 'dev' },
    fields: ipTunnelFields(tunnel),
    segment: { by: 'target', field: 'remote', same: hasKey ? ['key'] : [], mutual: true },
    overhead: ({ key = null }) => headers + (key === null ? 0 : KEY_BYTES),
    caption: ({ key = null }) => (key === null ? name : `${name} ${key}`),
    ...(carries === 'packets' ? { withoutMac: true as const, newFlags: () => [] } : {}),
    immutable: ['dev', ...(hasMode ? (['mode'] as const) : [])],
    // Whether it is point to point is decided when it is made (`ip_tunnel_changelink`, `ipip6_changelink`).
    fixedBetween: (before, after) => ((before.remote === null) === (after.remote === null) ? [] : ['remote']),
    resetsUnnamed: true,
    unique: ['remote', 'local', 'dev', ...(hasKey ? (['key'] as const) : [])],
    unlike: unlikeTunnel(tunnel),
    kernelDefaults: { ttl: ttlOf(family), ...(hasMode ? { mode: 'any' } : {}) },
    netlink: ipTunnelCodec(tunnel),
    shell: shellWords,
    describe: (link) => describeTunnel(link),
    check: (options, context) => checkTunnelEnds(options, context, { check: 'tunnel-ends', family }),
    checks: [],
  });
}

/** The TTL of a new tunnel: that of the packet inside, or DEFAULT_TNL_HOP_LIMIT of iproute2's ip6tunnel. */
const ttlOf = (family: 4 | 6): number => (family === 4 ? 0 : 64);

/** No tunnel is made with a TTL of -1. */
const unlikeTunnel = ({ hasKey, numbers }: IpTunnel): IpTunnelOptions => ({
  ...{ remote: null, local: null, dev: null, ttl: -1 },
  ...(hasKey ? { key: null } : {}),
  ...(numbers.protocol ? { mode: '' } : {}),
});

const shellWords: LinkKind<IpTunnelOptions>['shell'] = ({ mode, remote, local, dev, ttl, key }) => [
  ...(mode === undefined ? [] : ['mode', mode]),
  ...(remote == null ? [] : ['remote', remote]),
  ...(local == null ? [] : ['local', local]),
  ...(key == null ? [] : ['key', key]),
  ...(ttl === undefined ? [] : ['ttl', ttl]),
  ...(dev == null ? [] : ['dev', dev]),
];

const describeTunnel: LinkKind<IpTunnelOptions>['describe'] = ({ action, options, master, mtu, up }) => [
  `to ${options.remote ?? 'any'}`,
  options.local === null ? '' : `from ${options.local}`,
  options.key == null ? '' : `key ${options.key}`,
  options.dev === null ? '' : `through ${options.dev}`,
  master === null ? '' : `port of ${master}`,
  action === 'create' ? `mtu ${mtu}` : '',
  up ? '' : 'down',
];

/** The options in the order in which they are shown. */
function ipTunnelFields({ family, hasKey, numbers: { protocol } }: IpTunnel): LinkFields {
  const [remote, local] = family === 4 ? ['192.168.50.2', '192.168.50.1'] : ['fd00:50::2', 'fd00:50::1'];
  return {
    ...(protocol
      ? {
          mode: {
            type: 'choice',
            values: Object.keys(protocol.modes),
            default: 'any',
            description: `What it carries, in the words of \`ip link\`: \`${Object.keys(protocol.modes)[1]}\` is one family, \`any\` is all that the kernel can.`,
            examples: Object.keys(protocol.modes).slice(1, 2),
          },
        }
      : {}),
    remote: {
      type: 'target',
      family,
      description: `The other end: an IPv${family} address of the network below, or the name of a namespace on a LAN with this one. Without it, it takes packets from any end, and sends to the next hop of its routes.`,
      examples: ['node2', remote],
    },
    local: {
      type: 'address',
      description: 'The address that the packets come from, and the only one that they are taken at. Without it, any.',
      examples: [local],
    },
    dev: {
      type: 'device',
      none: true,
      towards: 'remote',
      description:
        'The interface that the packets leave by. Without it, the one on the remote’s subnet; `none`, or a remote behind a router: whichever the routes lead to. The `mtu` is that interface’s, less the headers.',
      examples: ['eth0', 'none'],
    },
    ...(hasKey
      ? {
          key: {
            type: 'integer',
            minimum: 0,
            maximum: 4294967295,
            description: 'A number that tells tunnels of the same two ends apart: both ends have the same, or none.',
            examples: [7],
          },
        }
      : {}),
    ttl: {
      type: 'integer',
      minimum: 0,
      maximum: 255,
      default: ttlOf(family),
      description: 'The TTL of its packets below; 0: that of the packet inside.',
      examples: [64, 255],
    },
  };
}
