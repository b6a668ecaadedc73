import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { withMachine } from '../support/machine.ts';
import { pings, serving, silent, tcp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

type Warning = { readonly check: string; readonly message: string; readonly hint: string };
type Netns = { [key: string]: unknown };
type File = { bridges: { [name: string]: unknown }; namespaces: { [name: string]: Netns } };

/** A lab with the mistakes of one week of exercises, in both families where they differ. */
const mistakes = `
version: 1
name: mistakes
bridges:
  a1: { subnet: [10.1.0.0/24, "fd00:11::/64"], gateway: a-r1 }
  a2: [10.1.2.0/24, "fd00:12::/64"]
  a3: { subnet: [10.1.3.0/24, "fd00:13::/64"], gateway: a-r2 }
  b1: 10.2.1.0/24
  b2: { subnet: 10.2.2.0/24, gateway: 10.2.2.254 }
  c1: 10.3.1.0/24
  c2: 10.3.2.0/24
  c3: { subnet: 10.3.3.0/24, gateway: c-r2 }
  e1: 10.5.0.0/24
  e2: { subnet: 10.5.2.0/24, address: 10.5.2.1, gateway: e-r }
  f1: 10.6.0.0/24
  h1: { subnet: 10.8.1.0/24, gateway: h-r }
  h2: 10.8.2.0/24
host:
  interfaces: { uplink: [203.0.113.1/24] }
namespaces:
  isp: { interfaces: { eth0: 203.0.113.9/24 } }
  # r2 has no way back.
  a: { interfaces: { eth0: { bridge: a1 } } }
  a-c: { interfaces: { eth0: { bridge: a3, address: [10.1.3.9, "fd00:13::9"] } } }
  a-r1:
    forwarding: true
    interfaces: { eth0: { bridge: a1 }, eth1: { bridge: a2 } }
    routes: [{ to: 10.1.3.0/24, via: a-r2 }, { to: "fd00:13::/64", via: a-r2 }]
  a-r2: { forwarding: true, interfaces: { eth0: { bridge: a2 }, eth1: { bridge: a3 } } }
  # Nobody has 10.2.1.77, and nobody 10.2.2.254.
  b: { interfaces: { eth0: { bridge: b1 } }, routes: [{ to: 10.2.2.0/24, via: 10.2.1.77 }] }
  b-c: { interfaces: { eth0: { bridge: b2, address: 10.2.2.9 } } }
  b-r: { forwarding: true, interfaces: { eth0: { bridge: b1 }, eth1: { bridge: b2 } } }
  # r1 does not know where 10.3.3.0/24 is.
  c: { interfaces: { eth0: { bridge: c1 } }, routes: [{ to: 10.3.3.0/24, via: c-r1 }] }
  c-r1: { forwarding: true, interfaces: { eth0: { bridge: c1 }, eth1: { bridge: c2 } } }
  c-r2:
    forwarding: true
    interfaces: { eth0: { bridge: c2 }, eth1: { bridge: c3, address: 10.3.3.9 } }
    routes: [{ to: 10.3.1.0/24, via: c-r1 }]
  # A digit is wrong.
  d-a: { interfaces: { eth0: 10.4.0.1/24 } }
  d-b: { interfaces: { eth0: 10.4.1.2/24 } }
  # The machine is not on e1, and the answers of web go to e-r.
  e: { interfaces: { eth0: { bridge: e1 } } }
  web: { interfaces: { eth0: { bridge: e2 } }, publish: ["8080:80"] }
  e-r: { forwarding: true, interfaces: { eth0: { bridge: e2 } } }
  # A table without a route, and one without a rule.
  f: { interfaces: { eth0: { bridge: f1, address: 10.6.0.2 } }, rules: [{ from: 10.6.0.2, table: 100 }] }
  g: { interfaces: { eth0: { bridge: f1, address: 10.6.0.3 } }, routes: [{ to: 10.7.0.0/24, via: f-r, table: 200 }] }
  f-r: { forwarding: true, interfaces: { eth0: { bridge: f1 }, lo: 10.7.0.1/32 } }
  # Nobody told db of its router.
  h: { interfaces: { eth0: { bridge: h1 } } }
  db: { interfaces: { eth0: { bridge: h2, address: 10.8.2.9 } } }
  h-r: { forwarding: true, interfaces: { eth0: { bridge: h1 }, eth1: { bridge: h2 } } }
links:
  - host:uplink -- isp:eth0
  - d-a:eth0 -- d-b:eth0
nat:
  - { masquerade: e1, out: uplink }
dns: { names: false }
`;

/** Who pings whom. */
const pairs = [
  ['a', '10.1.3.9'],
  ['a', 'fd00:13::9'],
  ['h', '10.8.2.9'],
  ['b', '10.2.2.9'],
  ['c', '10.3.3.9'],
  ['d-a', '10.4.0.2'],
  ['e', '203.0.113.9'],
  // The rules select by the source.
  ['f', '-I 10.6.0.2 10.7.0.1'],
  ['g', '-I 10.6.0.3 10.7.0.1'],
] as const;

test('H6, H17, M7, M8: each warning is true, and what it says to write lets the traffic pass', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const warnings = await warningsOf(m, mistakes);
    expect(warnings.map(({ check, message }) => `${check}: ${message}`).toSorted()).toMatchInlineSnapshot(`
      [
        "forward-without-answer: port 8080 of the host is forwarded to web (10.5.2.2), but its answers go to e-r, which has no route for them",
        "nat-without-traffic: nothing of e1 (10.5.0.0/24) gets to the host to be masqueraded: the host has no address there",
        "next-hop-without-owner: 10.2.1.77 is a next hop of b, and no namespace in this file has it",
        "next-hop-without-owner: 10.2.2.254 is the gateway of b2, and no namespace in this file has it",
        "next-hop-without-route: c sends packets for 10.3.3.0/24 to c-r1, which has no route there",
        "no-common-subnet: d-b:eth0 (10.4.1.2/24) and d-a:eth0 (10.4.0.1/24) are on one LAN, but in different subnets",
        "no-return-route: a reaches a-c (10.1.3.9) by a-r1 and a-r2, but a-r2 has no route back to 10.1.0.0/24",
        "no-return-route: h reaches db (10.8.2.9) by h-r, but db has no route back to 10.8.1.0/24",
        "rule-without-route: no rule of g selects table 200, where this route is",
        "rule-without-route: the rule selects table 100, in which f has no route",
      ]
    `);
    await runNetform(m, ['apply', '-'], { input: mistakes });
    expect(await Promise.all(pairs.map(([from, to]) => silent(m, from, to)))).toEqual(pairs.map(() => true));
    const asks = (patienceMs: number) => tcp(m, 'isp', { to: '203.0.113.1', port: 8080, patienceMs });
    await serving(m, { netns: 'web', port: 80 }, async () => expect(await asks(1000)).toBe(''));

    const right = typeRemedies(mistakes, warnings);
    expect(await warningsOf(m, right)).toEqual([]);
    await runNetform(m, ['apply', '-', '--yes'], { input: right });
    expect(await Promise.all(pairs.map(([from, to]) => pings(m, from, to)))).toEqual(pairs.map(() => true));
    await serving(m, { netns: 'web', port: 80 }, async () => expect(await asks(8000)).toMatch(/^web 203\.0\.113\.9/));
    await runNetform(m, ['destroy', 'mistakes', '--yes']);
    expect(await m.snapshot()).toBe(before);
  });
});

async function warningsOf(m: Parameters<typeof pings>[0], input: string): Promise<readonly Warning[]> {
  const { stdout } = await runNetform(m, ['validate', '-', '--json'], { input });
  const { diagnostics }: { readonly diagnostics: readonly Warning[] } = JSON.parse(stdout);
  return diagnostics;
}

/** Writes into a topology what the hints say, word for word. */
function typeRemedies(text: string, warnings: readonly Warning[]): string {
  const file: File = parse(text);
  const hints = new Set(warnings.map(({ hint }) => hint.replace(/; or .*/, '')));
  for (const hint of [...hints].flatMap((all) => all.split('; '))) {
    const [, netns = '', words = ''] = /^add to (\S+): (.*)$/.exec(hint) ?? [];
    if (words !== '') mergeInto(file.namespaces[netns] ?? {}, parse(words));
    const [, bridge = ''] = /^give the bridge an address: (.*)$/.exec(hint) ?? [];
    if (bridge !== '') Object.assign(file.bridges, parse(bridge));
    if (hint === 'write via: b-r')
      Object.assign(file.namespaces['b'] ?? {}, { routes: [{ to: '10.2.2.0/24', via: 'b-r' }] });
    if (hint === 'write gateway: b-r') Object.assign(file.bridges, { b2: { subnet: '10.2.2.0/24', gateway: 'b-r' } });
    const [, address = ''] = /^write an address of \S+ there, such as (\S+)$/.exec(hint) ?? [];
    if (address !== '') file.namespaces['d-b'] = { interfaces: { eth0: address } };
  }
  return stringify(file);
}

/** Adds the items of lists to those of a namespace. */
function mergeInto(netns: Netns, added: { readonly [key: string]: readonly unknown[] }): void {
  for (const [key, items] of Object.entries(added)) {
    const present = netns[key];
    netns[key] = [...(Array.isArray(present) ? present : []), ...items];
  }
}
