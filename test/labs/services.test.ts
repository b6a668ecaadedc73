import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { tcp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';
import { expectSpread, servingAll } from './spread.ts';

const PODS = ['web-1', 'web-2', 'web-3'];

const topology = (services: string): string => `version: 1
name: spread
namespaces:
  node:
    forwarding: true
    bridges: { cni0: { subnet: [10.210.0.0/24, "fd00:210::/64"], address: [10.210.0.1, "fd00:210::1"] } }
    interfaces: { eth0: [10.99.0.1/24, "fd00:99::1/64"] }
  "web-{1..3}": { labels: { app: web }, interfaces: { eth0: { bridge: "node:cni0" } } }
  client:
    interfaces: { eth0: [10.99.0.9/24, "fd00:99::9/64"] }
    routes: [{ to: default, via: 10.99.0.1 }, { to: default, via: "fd00:99::1" }]
links: [client:eth0 -- node:eth0]
services:
${services}`;

const WEB = '  web: { to: { app: web }, ports: { http: "80:8080", echo: "7:8080/udp" } }\n';
const NO_ENDPOINT = '  idle: { to: { app: none }, ports: [80] }\n';
/** Its endpoints are behind no LAN of the node, and clients may only meet those that are. */
const AFAR = '  afar: { to: [203.0.113.5, "2001:db8::5"], ports: [80], internalTrafficPolicy: local }\n';
const ONE =
  '  another: { to: web-1, ports: [80] }\n  web: { to: web-3, ports: { http: "80:8080", echo: "7:8080/udp" } }\n';

/** What connect(2) says of a TCP connection. */
const whyNotConnected = (to: string): string => `ip netns exec client perl -MIO::Socket::IP -e '
  IO::Socket::IP->new(PeerHost => "${to}", PeerPort => 80, Timeout => 8) or print $!'`;

/** Who answers over UDP from one port of the client, so that it is one connection for conntrack. */
const fromOnePort = `ip netns exec client perl -MIO::Socket::IP -e '
  my $socket = IO::Socket::IP->new(Proto => "udp", LocalPort => 4000, PeerHost => "10.96.0.1", PeerPort => 7) or die;
  $socket->send("x"); alarm 8; $socket->recv(my $answer, 100); print((split " ", $answer)[0])'`;

test('services spread connections evenly, refuse at once, and follow changes', async () => {
  await withMachine(async (m) => {
    await m.must(`cat > /run/spread.yaml <<'END'\n${topology(WEB + NO_ENDPOINT + AFAR)}END`);
    const planned = await runNetform(m, ['apply', '/run/spread.yaml']);
    expect(planned.stderr).toContain('{ app: none } selects no namespace');

    await servingAll(m, { names: PODS, port: 8080 }, async () => {
      const weights = Object.fromEntries(PODS.map((pod) => [pod, 1]));
      await expectSpread(m, { to: '10.96.0.1', port: 80, connections: 2000, weights });
      const first = (await m.must(fromOnePort)).trim();
      expect(PODS).toContain(first);
      expect((await m.must(fromOnePort)).trim(), 'the same connection').toBe(first);

      for (const to of ['10.96.0.2', 'fd00:96::2', '10.96.0.3', 'fd00:96::3'])
        expect(await m.must(whyNotConnected(to)), to).toBe('Connection refused');

      await m.must(`ip netns exec node nft flush map inet netform_spread service4`);
      expect(await tcp(m, 'client', { to: '10.96.0.1', port: 80, patienceMs: 1000 }), 'altered by hand').toBe('');
      expect((await runNetform(m, ['plan', '/run/spread.yaml', '--exit-code'], { code: 10 })).stdout).toContain(
        'by hand',
      );

      await m.must(`cat > /run/spread.yaml <<'END'\n${topology(ONE)}END`);
      await runNetform(m, ['apply', '/run/spread.yaml']);
      expect(await tcp(m, 'client', { to: '10.96.0.1', port: 80 }), 'keeps its address').toMatch(/^web-3 /);
      expect(await tcp(m, 'client', { to: 'fd00:96::1', port: 80 })).toMatch(/^web-3 /);
      expect((await m.must(fromOnePort)).trim(), 'UDP does not go on to an endpoint that is gone').toBe('web-3');
    });
    await runNetform(m, ['destroy', 'spread', '--yes']);
  });
});

const named = (port: number): string => `version: 1
name: named
namespaces:
  node:
    forwarding: true
    bridges: { cni0: { subnet: [10.210.0.0/24, "fd00:210::/64"], address: [10.210.0.1, "fd00:210::1"] } }
  old: { interfaces: { eth0: { bridge: "node:cni0" } }, answers: { http: 8080 } }
  new: { interfaces: { eth0: { bridge: "node:cni0" } }, answers: { http: ${port} } }
  bare: { interfaces: { eth0: { bridge: "node:cni0" } } }
services:
  web: { to: [old, new, bare], ports: { http: "80:http" } }
`;

test('a service leads to the port that each endpoint gives the name', async () => {
  await withMachine(async (m) => {
    const apply = async (port: number) => {
      const { stderr } = await runNetform(m, ['apply', '-', '--yes'], { input: named(port) });
      expect(stderr).toContain('bare has no port http/tcp, to which service web leads');
    };
    const ask = (to: string, port = 80, patienceMs = 8000) => tcp(m, 'node', { to, port, patienceMs });
    const addresses = async (to: string): Promise<readonly string[]> => {
      const all = new Set<string>();
      for (let i = 0; i < 30 && all.size < 2; i++) all.add(/^Address: (.*)$/m.exec(await ask(to))?.[1] ?? 'none');
      return [...all].sort();
    };
    await apply(9090);
    expect(await addresses('10.96.0.1')).toEqual(['10.210.0.2:8080', '10.210.0.3:9090']);
    expect(await addresses('fd00:96::1')).toEqual(['[fd00:210::2]:8080', '[fd00:210::3]:9090']);
    for (const port of [8080, 9090]) expect(await ask('10.96.0.1', port, 500), 'not its own port').toBe('');
    await apply(9091);
    expect(await addresses('10.96.0.1')).toEqual(['10.210.0.2:8080', '10.210.0.3:9091']);
    await runNetform(m, ['destroy', 'named', '--yes']);
  });
});
