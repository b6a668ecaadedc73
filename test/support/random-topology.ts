import fc from 'fast-check';

/** A topology as the value that its YAML stands for; JSON is YAML. */
export type TopologyValue = { readonly [key: string]: unknown };

/** Names in no helpful order: prefixes of each other, numbers that sort as text, words of the kernel's. */
const NAMES = ['zz', 'a', 'n10', 'n9', 'veth-a'] as const;

type Member = {
  readonly lans: readonly boolean[];
  readonly written: boolean;
  readonly forwarding: boolean;
  readonly inner: boolean;
  readonly guest: boolean;
  readonly loopback: boolean;
  readonly down: boolean;
  readonly mtu: number | null;
  readonly nat: boolean;
  readonly blackhole: boolean;
  readonly rule: boolean;
  readonly neighbour: boolean;
  readonly route: boolean;
  readonly dns: boolean;
  readonly publish: boolean;
  readonly tuned: number | null;
};

type LanChoice = {
  readonly dual: boolean;
  readonly address: boolean;
  readonly mtu: number | null;
  readonly stp: boolean;
  readonly nat: boolean;
};

const flag = fc.boolean();
const mtu = fc.constantFrom(null, 1400, 1300);

const member: fc.Arbitrary<Member> = fc.record({
  ...{ lans: fc.tuple(flag, flag, flag), written: flag, forwarding: flag, inner: flag, guest: flag, loopback: flag },
  ...{ down: fc.constantFrom(false, false, false, true), mtu, nat: flag, blackhole: flag, rule: flag },
  ...{ neighbour: flag, route: flag, dns: flag, publish: flag, tuned: fc.constantFrom(null, 1, 2) },
});

const lan: fc.Arbitrary<LanChoice> = fc.record({ dual: flag, address: flag, mtu, stp: flag, nat: flag });

/** Valid topologies: LANs of the host and inside namespaces, cables, both families, and all that stands on them. */
export const topology: fc.Arbitrary<TopologyValue> = fc
  .record({
    lans: fc.tuple(fc.option(lan), fc.option(lan), fc.option(lan)),
    members: fc.tuple(...NAMES.map(() => fc.option(member, { freq: 3 }))),
    cables: fc.subarray([0, 1, 2, 3]),
    host: fc.record({ existing: flag, sysctl: flag, names: flag, route: flag, cable: flag, cni: flag, overlay: flag }),
  })
  .map(build);

type Choices = {
  readonly lans: readonly (LanChoice | null)[];
  readonly members: readonly (Member | null)[];
  readonly cables: readonly number[];
  readonly host: { readonly [key in 'existing' | 'sysctl' | 'names' | 'route' | 'cable' | 'cni' | 'overlay']: boolean };
};

function build({ lans, members, cables, host }: Choices): TopologyValue {
  const present = members.flatMap((one, index) => (one ? [{ one, index, name: NAMES[index] ?? '' }] : []));
  const inner = present.find(({ one }) => one.inner);
  const cabled = host.cable ? (present[0] ?? null) : null;
  const wired = cables.filter((i) => members[i] && members[i + 1]);
  const overlaid = host.overlay ? overlayOf(present, lans) : [];
  const namespaces = present.map(({ one, index, name }) => {
    const on = lans.flatMap((choice, i) => (choice && one.lans[i] ? [{ choice, i }] : []));
    const mine = wired.filter((i) => i === index || i + 1 === index);
    const innerOf = inner && inner.index !== index ? inner : null;
    return [
      name,
      netns(one, { index, on, cables: mine, innerOf, uplink: name === cabled?.name, ...peerIn(overlaid, name) }),
    ];
  });
  const upstream = lans.findIndex((choice) => choice?.address);
  const target = present.find(({ one }) => one.lans[upstream] && one.written && !one.down);
  return {
    version: 1,
    name: 'lab',
    bridges: Object.fromEntries(lans.flatMap((choice, i) => (choice ? [[`lan${i}`, bridge(choice, i)]] : []))),
    namespaces: Object.fromEntries(namespaces),
    links: [
      ...wired.map((i) => `${NAMES[i]}:c${i} -- ${NAMES[i + 1]}:c${i}`),
      ...(cabled ? [{ ends: [`host:to-${cabled.name}`, `${cabled.name}:up`], mtu: 1400 }] : []),
    ],
    nat: lans.flatMap((choice, i) => (choice?.nat && choice.address ? [{ masquerade: `lan${i}` }] : [])),
    routes: host.route && target ? [{ to: '10.244.1.0/24', via: `10.1${upstream}.0.${target.index + 10}` }] : [],
    portForwards: target ? [`8443 -> ${target.name}:443`] : [],
    host: {
      interfaces: {
        ...(host.existing ? { eth9: { existing: true, address: ['192.0.2.7/24', '2001:db8::7/64'] } } : {}),
        ...(cabled ? { [`to-${cabled.name}`]: '10.99.0.1/30' } : {}),
      },
      ...(host.sysctl ? { sysctls: { 'net.ipv4.neigh.default.gc_thresh3': 4096 } } : {}),
      ...(host.names ? { dns: { names: true } } : {}),
    },
    ...(host.cni ? { cni: { mynet: { cniVersion: '1.0.0', plugins: [{ type: 'loopback' }] } } } : {}),
  };
}

/** The first two namespaces that are on one LAN. */
function overlayOf(present: readonly { readonly one: Member; readonly name: string }[], lans: Choices['lans']) {
  const pairs = lans.map((choice, i) => (choice ? present.filter(({ one }) => one.lans[i]).slice(0, 2) : []));
  return (pairs.find(({ length }) => length === 2) ?? []).map(({ name }) => name);
}

const peerIn = (overlaid: readonly string[], name: string) => ({
  peer: overlaid.includes(name) ? (overlaid.find((other) => other !== name) ?? null) : null,
});

const bridge = (choice: LanChoice, i: number) => ({
  subnet: choice.dual ? [`10.1${i}.0.0/24`, `fd00:1${i}::/64`] : `10.1${i}.0.0/24`,
  ...(choice.address ? { address: choice.dual ? [`10.1${i}.0.1`, `fd00:1${i}::1`] : `10.1${i}.0.1` } : {}),
  ...(choice.mtu === null ? {} : { mtu: choice.mtu }),
  stp: choice.stp,
});

const sysctlsOf = (value: number, dev: string) => ({
  'net.ipv4.fib_multipath_hash_policy': value,
  'net.ipv4.conf.lo.proxy_arp': 1,
  'net.ipv4.conf.all.arp_announce': value,
  [`net.ipv4.conf.${dev}.arp_ignore`]: value,
});

type Around = {
  readonly index: number;
  readonly on: readonly { readonly choice: LanChoice; readonly i: number }[];
  readonly cables: readonly number[];
  readonly innerOf: { readonly name: string } | null;
  /** A cable to the host ends here. */
  readonly uplink: boolean;
  /** The other end of an overlay. */
  readonly peer: string | null;
};

function netns(one: Member, around: Around) {
  const { index, on, cables, innerOf } = around;
  const [first] = on;
  const isUp = first !== undefined && !one.down;
  const eths = on.map(({ choice, i }, nth) => {
    const address = choice.dual
      ? [`10.1${i}.0.${index + 10}`, `fd00:1${i}::${index + 10}`]
      : `10.1${i}.0.${index + 10}`;
    const down = one.down && nth === 0 ? { state: 'down' } : {};
    return [`eth${i}`, { bridge: `lan${i}`, ...(one.written ? { address } : {}), ...down }];
  });
  const gateway = isUp && first.choice.address ? `10.1${first.i}.0.1` : null;
  const ends = cables.map((i) => [
    `c${i}`,
    [`10.20${i}.0.${i === index ? 1 : 2}/30`, `fd00:20${i}::${i === index ? 1 : 2}/64`],
  ]);
  return {
    interfaces: {
      ...Object.fromEntries([...eths, ...ends]),
      ...(one.guest && innerOf ? { in0: { bridge: `${innerOf.name}:inner` } } : {}),
      ...(one.loopback ? { lo: `10.255.0.${index + 1}/32` } : {}),
      ...(around.peer === null
        ? {}
        : { vx0: { vxlan: { id: 7, remote: around.peer }, address: `10.42.0.${index + 1}/24` } }),
      ...(around.uplink ? { up: '10.99.0.2/30' } : {}),
    },
    ...(one.inner ? { bridges: { inner: { subnet: `10.15${index}.0.0/24`, address: `10.15${index}.0.1` } } } : {}),
    forwarding: one.forwarding || one.nat,
    ...(one.tuned === null ? {} : { sysctls: sysctlsOf(one.tuned, first ? `eth${first.i}` : 'lo') }),
    routes: [
      ...(one.blackhole
        ? [
            { to: '172.16.42.0/24', type: 'blackhole' },
            { to: 'fd00:dead::/64', type: 'unreachable' },
          ]
        : []),
      ...(one.route && gateway
        ? [
            { to: '192.168.7.0/24', via: gateway, metric: 50 },
            { to: 'default', via: gateway, table: 100 },
          ]
        : []),
    ],
    rules: one.rule
      ? [
          { from: '10.11.0.0/16', table: 100, priority: 1000 },
          { to: 'fd00:11::/64', table: 100 },
        ]
      : [],
    neighbours:
      one.neighbour && isUp ? [{ to: `10.1${first.i}.0.200`, mac: '02:00:00:00:00:c8', dev: `eth${first.i}` }] : [],
    nat: one.nat && isUp ? [{ masquerade: 'any', out: `eth${first.i}` }] : [],
    ...(one.dns ? { dns: { search: ['lab.test'], nameservers: ['10.53.0.1'], order: ['files', 'dns'] } } : {}),
    ...(one.publish && gateway && one.written ? { publish: [`${8000 + index}:80`] } : {}),
  };
}
