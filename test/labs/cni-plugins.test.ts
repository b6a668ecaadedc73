import { expect, test } from 'vitest';
import { diagnose } from '../support/diagnose.ts';
import { withMachine } from '../support/machine.ts';

type Plugin = { readonly type: string; readonly [key: string]: unknown };
/**
 * A conflist and what becomes of it. `says`: what netform reports; null: nothing. `fails`: what the real plugin answers; null:
 * it works, as far as it is asked to reach `reaches`.
 */
type Case = {
  readonly name: string;
  readonly plugins: readonly Plugin[];
  readonly says: string | null;
  readonly fails: RegExp | null;
  readonly reaches?: { readonly address: string; readonly works: boolean };
};

const hostLocal = (more: object = {}) => ({ type: 'host-local', subnet: '10.22.0.0/16', ...more });
const statics = (...addresses: readonly object[]) => ({ type: 'static', addresses });
const bridge = (more: object = {}, ipam: object = hostLocal()): Plugin => ({ type: 'bridge', ...more, ipam });
const routes = (...list: readonly object[]) => hostLocal({ routes: list });
const DEFAULT = { dst: '0.0.0.0/0' };
const GATEWAY = { isGateway: true };
const chained = (plugin: Plugin): readonly Plugin[] => [bridge(), plugin];
const gatewayAnswers = { address: '10.22.0.1', works: true };
const sets = (...subnets: readonly string[]) => ({
  type: 'host-local',
  ranges: subnets.map((subnet) => [{ subnet }]),
});

const wrong = (name: string, plugins: readonly Plugin[], says: string, fails: RegExp): Case => ({
  name,
  plugins,
  says,
  fails,
});
const right = (name: string, plugins: readonly Plugin[], reaches?: Case['reaches']): Case => ({
  name,
  plugins,
  says: null,
  fails: null,
  ...(reaches && { reaches }),
});
/** The plugin answers 0, and the container then cannot reach an address. */
const useless = (name: string, plugins: readonly Plugin[], says: string, address: string): Case => ({
  name,
  plugins,
  says,
  fails: null,
  reaches: { address, works: false },
});

const OUTSIDE = { dst: '10.97.2.0/23', gw: '192.168.35.1' };

const cases: readonly Case[] = [
  // (a) the default route twice, and other routes twice
  wrong(
    'a default route twice',
    [bridge({ isDefaultGateway: true }, routes(DEFAULT))],
    'isDefaultGateway adds',
    /exists/,
  ),
  wrong(
    'an IPv6 default route twice',
    [bridge({ isDefaultGateway: true }, { ...sets('fd00:22::/64'), routes: [{ dst: '::/0' }] })],
    'isDefaultGateway adds',
    /exists/,
  ),
  right('a default route with its gateway', [
    bridge({ isDefaultGateway: true }, routes({ ...DEFAULT, gw: '10.22.0.1' })),
  ]),
  right('a default route of a gateway', [bridge(GATEWAY, routes(DEFAULT))], gatewayAnswers),
  wrong(
    'a route twice',
    [bridge({}, routes({ dst: '10.9.0.0/16' }, { dst: '10.9.0.0/16' }))],
    'is there twice',
    /exists/,
  ),
  right('a route by two gateways', [
    bridge({}, routes({ dst: '10.9.0.0/16' }, { dst: '10.9.0.0/16', gw: '10.22.0.9' })),
  ]),
  wrong('host bits in a route', [bridge({}, routes({ dst: '10.9.0.5/16' }))], 'has host bits', /invalid argument/),
  // (b) a gateway that is not in the subnet
  wrong('a gateway outside', [bridge(GATEWAY, routes(OUTSIDE))], 'is outside 10.22.0.0/16', /unreachable/),
  wrong('a gateway outside, ptp', [{ type: 'ptp', ipam: routes(OUTSIDE) }], 'is outside 10.22.0.0/16', /unreachable/),
  wrong(
    'a gateway outside, static',
    [bridge({}, { ...statics({ address: '10.5.0.2/24' }), routes: [OUTSIDE] })],
    'is outside 10.5.0.0/24',
    /unreachable/,
  ),
  // (c) keys that exclude each other
  wrong('hairpin and promiscuous', [bridge({ hairpinMode: true, promiscMode: true })], 'together', /same time/),
  right('hairpin', [bridge({ hairpinMode: true, promiscMode: false })]),
  wrong(
    'two marks',
    chained({ type: 'portmap', markMasqBit: 5, externalSetMarkChain: 'X', ...withPorts() }),
    'refuses markMasqBit and externalSetMarkChain together',
    /externalSetMarkChain and markMasqBit/,
  ),
  // (d) names
  wrong('a long name', [bridge({ bridge: 'abcdefghijklmnop' })], 'has 16 characters', /out of range/),
  right('a name of 15 characters', [bridge({ bridge: 'abcdefghijklmno' })]),
  wrong('a name with a slash', [bridge({ bridge: 'a/b' })], 'no link can be called', /invalid argument/),
  wrong('a bridge called all', [bridge({ bridge: 'all' })], 'cannot be "all"', /invalid argument/),
  wrong('a long VRF', chained({ type: 'vrf', vrfname: 'abcdefghijklmnop' }), 'has 16 characters', /out of range/),
  // (e) what tuning sets
  wrong(
    'a sysctl that is not below net',
    chained({ type: 'tuning', sysctl: { 'kernel.shmmax': '500' } }),
    'is not a network setting',
    /invalid net sysctl key/,
  ),
  wrong(
    'a sysctl of the machine',
    chained({ type: 'tuning', sysctl: { 'net.core.rmem_max': '1000000' } }),
    'is a setting of the whole machine',
    /permission denied|no such file/,
  ),
  right(
    'sysctls of the container',
    chained({
      type: 'tuning',
      sysctl: { 'net.ipv4.conf.IFNAME.log_martians': '1', 'net/ipv4/conf/all/log_martians': '1' },
    }),
  ),
  wrong('a MAC that is none', chained({ type: 'tuning', mac: 'zz' }), 'is not the address', /invalid MAC/),
  wrong(
    'a multicast MAC',
    chained({ type: 'tuning', mac: '01:00:00:00:00:01' }),
    'is not the address',
    /cannot assign/,
  ),
  wrong('a tiny MTU', [bridge({ mtu: 20 })], 'no link has less than 68', /invalid argument/),
  wrong('an MTU too small for IPv6', [bridge({ mtu: 1200 }, sets('fd00:22::/64'))], 'IPv6 needs 1280', /./),
  wrong(
    'a burst alone',
    chained({ type: 'bandwidth', ingressRate: 0, ingressBurst: 800 }),
    'has no ingressRate',
    /rate/,
  ),
  // (f) addresses that no host can have
  {
    ...right('a gateway that is the network, on a new kernel', [bridge(GATEWAY, hostLocal({ gateway: '10.22.0.0' }))]),
    says: 'gateway 10.22.0.0 is the network address',
  },
  useless(
    'a gateway that is the broadcast address',
    [bridge(GATEWAY, hostLocal({ gateway: '10.22.255.255' }))],
    'is the broadcast address',
    '10.22.255.255',
  ),
  wrong(
    'a range with nothing but the gateway',
    [bridge(GATEWAY, hostLocal({ rangeStart: '10.22.0.1', rangeEnd: '10.22.0.1' }))],
    'has no address but 10.22.0.1',
    /no IP addresses available/,
  ),
  wrong(
    'a bridge with two IPv4 gateways',
    [bridge(GATEWAY, sets('10.22.0.0/24', '10.23.0.0/24'))],
    'cannot be the gateway of two',
    /already has an IP address/,
  ),
  right('a bridge with both families', [bridge(GATEWAY, sets('10.22.0.0/16', 'fd00:22::/64'))], gatewayAnswers),
  useless('masquerading without a route', [bridge({ ...GATEWAY, ipMasq: true })], 'no route out', '192.0.2.1'),
];

function withPorts() {
  const portMappings = [{ hostPort: 80, containerPort: 80, protocol: 'tcp' }];
  return { capabilities: { portMappings: true }, runtimeConfig: { portMappings } };
}

const messages = (plugins: readonly Plugin[]): readonly string[] => {
  // What a runtime adds is not written in a topology.
  const written = plugins.map(({ runtimeConfig: _, ...plugin }) => plugin);
  const cni = JSON.stringify({ net: { cniVersion: '1.0.0', plugins: written } });
  return diagnose(`version: 1\nname: c\ncni: ${cni}\n`, { file: 'c.yaml', live: null }).diagnostics.map(
    ({ message }) => message,
  );
};

/** Adds one container with the real plugins, asks it to reach an address, and leaves nothing behind. */
const run = ({ plugins, reaches }: Case, index: number): string => {
  const [first, second] = plugins.map((plugin) => JSON.stringify({ ...plugin, name: 'n', cniVersion: '1.0.0' }));
  const next = second
    ? `printf '{"prevResult":%s,%s' "$out" '${second.slice(1)}' >in; out=$(/usr/lib/cni/${plugins[1]?.type} <in) || code=1`
    : ':';
  const ping = reaches ? `ip netns exec t ping -c 1 -W 1 -n ${reaches.address} >/dev/null 2>&1 && ping=yes` : ':';
  return `echo '${first}' >in; code=0; ping=no; ip netns add t
out=$(/usr/lib/cni/${plugins[0]?.type} <in) || code=1
if [ $code = 0 ]; then ${next}; fi
if [ $code = 0 ]; then ${ping}; fi
echo "${index}|$code|$ping|$(echo $out)"
ip netns del t; for one in $(ip -br link show type bridge | cut -d ' ' -f 1); do ip link del "$one"; done; rm -rf /var/lib/cni`;
};

test('F30: what netform calls wrong in a conflist fails in the real plugins, and what it calls right works', async () => {
  for (const { name, plugins, says } of cases) {
    const said = messages(plugins);
    if (says === null) expect(said, name).toEqual([]);
    else expect(said, name).toEqual([expect.stringContaining(says)]);
  }
  await withMachine(async (m) => {
    const env = 'export CNI_COMMAND=ADD CNI_CONTAINERID=c CNI_NETNS=/run/netns/t CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni';
    const answers = (await m.must(`cd /run; ${env}\n${cases.map(run).join('\n')}`)).trim().split('\n');
    expect(answers).toHaveLength(cases.length);
    for (const [i, { name, fails, reaches }] of cases.entries()) {
      const [, code, ping, answer = ''] = answers[i]?.split('|') ?? [];
      expect(code, `${name}: ${answer}`).toBe(fails ? '1' : '0');
      if (fails) expect(answer, name).toMatch(fails);
      if (reaches) expect(ping, name).toBe(reaches.works ? 'yes' : 'no');
    }
  });
});
