// biome-ignore-all lint/suspicious/noTemplateCurlyInString: how the language itself writes variables
import { expect, test } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';
import { load, topologyOf } from './load-topology.ts';

const LAN = 'bridges: { lan: { subnet: 10.1.0.0/24 } }\n';

/** What is said about a topology, the lab's rules included: `message = hint`. */
const messages = (body: string): readonly string[] =>
  diagnose(`version: 1\nname: lab\n${body}`, { file: 'lab.yaml', live: null }).diagnostics.map(({ message, hint }) =>
    hint === null ? message : `${message} = ${hint}`,
  );

test('F42: a key is no guess for one whose value is of another type', () => {
  const tag = messages(`${LAN}namespaces: { a: { interfaces: { eth0: { bridge: lan, tag: 10 } } } }`);
  expect(tag).toEqual([expect.stringMatching(/^unknown key "tag" in "eth0" = known here: bridge, address/)]);
  const vlan = messages(`${LAN}namespaces: { a: { interfaces: { eth0: { bridge: lan, vlan: 10 } } } }`);
  expect(vlan).toEqual(['"vlan" must be a map, not the number 10 = write vlan: { id: 10 }']);
  const gateway = messages(`${LAN}namespaces: { a: { interfaces: { eth0: { bridge: lan, gateway4: 10.1.0.1 } } } }`);
  expect(gateway).toEqual([expect.stringMatching(/^unknown key "gateway4" in "eth0" = write `gateway` at the bridge/)]);
});

test('F42: the words of other tools lead to those of the language', () => {
  const interfaces = '{ eth0: { bridge: lan, macaddress: "02:00:00:00:00:01", addresses: [10.1.0.5/24] } }';
  expect(messages(`${LAN}namespaces: { a: { interfaces: ${interfaces} } }`)).toEqual([
    'unknown key "macaddress" in "eth0" = did you mean "mac"?',
    'unknown key "addresses" in "eth0" = did you mean "address"?',
  ]);
});

test('F42: a key that YAML does not read as text is shown in quotes', () => {
  for (const key of ['true', 'null', '12'])
    expect(messages(`${key}: 5`)).toEqual([`a key must be text = write it in quotes: "${key}"`]);
});

test('F42: an empty ipam is called by its own name', () => {
  expect(messages('cni: { n: { cniVersion: 1.0.0, plugins: [{ type: bridge, ipam: }] } }')).toEqual([
    'ipam of plugin bridge is empty, not an object',
  ]);
});

test('G5: an end of a cable without an interface is one mistake', () => {
  const namespaces =
    'namespaces: { red: { interfaces: { eth0: 10.0.0.1/24 } }, blue: { interfaces: { eth0: 10.0.0.2/24 } } }';
  expect(messages(`${namespaces}\nlinks: [red -- blue:eth0]`)).toEqual([
    'the end red does not say which interface = write red:eth0',
  ]);
  expect(messages(`${namespaces}\nlinks: ["red:eth0 - blue:eth0"]`)).toHaveLength(1);
});

test('G5: a key that nobody knows, in place of one that is needed, is one mistake', () => {
  expect(messages('links: [{ colour: red }, {}]')).toEqual([
    expect.stringMatching(/^unknown key "colour" in item 1 of "links"/),
    expect.stringMatching(/^item 2 of "links" needs the key "ends"/),
  ]);
});

test('G5: a key in another letter case is one mistake', () => {
  const namespaces = 'namespaces: { a: { interfaces: { eth0: { bridge: lan } } } }';
  const forwards = messages(`${LAN}host: { forwarding: true }\n${namespaces}\nportforwards: ["80 -> 10.1.0.5:80"]`);
  expect(forwards).toEqual(['unknown key "portforwards" at top level = did you mean "portForwards"?']);
});

test('F18: the message about an end names the part that is no name, and the rule', () => {
  const rule = 'a name begins with a letter and goes on with letters, digits, ".", "-" and "_"';
  expect(messages('namespaces: { r1: {}, r2: {} }\nlinks: ["r1:1-1-c1-1 -- r2:eth0"]')).toEqual([
    `the interface of the end r1:1-1-c1-1: "1-1-c1-1" is not a name = ${rule}`,
  ]);
  expect(messages('namespaces: { r1: {}, r2: {} }\nlinks: ["1r:eth0 -- r2:eth0"]')).toEqual([
    `the namespace of the end 1r:eth0: "1r" is not a name = ${rule}`,
  ]);
});

test('G2: variables stand in keys: names of namespaces, bridges, interfaces and hosts', () => {
  const topology = topologyOf(`vars: { domain: lab.test, n: red, i: 5 }
bridges: { "br-\${n}": 10.1.0.0/24 }
namespaces: { "\${n}-1": { interfaces: { "eth\${i}": { bridge: "br-\${n}" } } } }
dns: { hosts: { "gw.\${domain}": 10.1.0.1 } }
cni: { n: { cniVersion: 1.0.0, plugins: [{ type: x, "\${n}": 1, "$\${n}": 2 }] } }
`);
  const [netns] = topology.namespaces;
  expect([netns?.name, netns?.interfaces[0]?.name, topology.host.bridges[0]?.name]).toEqual([
    'red-1',
    'eth5',
    'br-red',
  ]);
  expect(topology.files[0]?.content['plugins']).toEqual([{ type: 'x', red: 1, '${n}': 2 }]);
});

test('G2: a rendered file has the keys filled in, and is the same topology when it is read again', () => {
  const text =
    'version: 1\nname: lab\nvars: { n: red }\nnamespaces: { "${n}-1": { forwarding: true }, "${n}-2": {} }\n';
  const { rendered, topology } = load(text);
  expect(rendered).toContain('{ "red-1": { forwarding: true }, "red-2": {} }');
  expect(load(rendered).topology).toEqual(topology);
});

test('G2: a mistake below a filled key, or in one, is found at its place', () => {
  const place = (text: string) => {
    const { diagnostics, locate } = load(text);
    return diagnostics.map(({ message, at }) => {
      const { line, column } = at ? locate(at) : { line: 0, column: 0 };
      return `${line}:${column} ${message}`;
    });
  };
  const head = 'version: 1\nname: lab\nvars: { n: red }\n';
  expect(place(`${head}namespaces: { "\${n}-1": { forwarding: 5 } }`)).toEqual([
    '4:39 "forwarding" must be true or false, not the number 5',
  ]);
  expect(place(`${head}namespaces: { "\${m}-1": { forwarding: 5 } }`)).toEqual(['4:16 there is no variable "m"']);
  expect(place(`${head}namespaces: { "\${n}": {}, red: {} }`)).toEqual([
    '4:27 "red" is written twice, once with a variable',
  ]);
});

test('a bridge with a name that no bridge can have is suggested, and is not what was meant', () => {
  expect(
    messages(`bridges: { "network-one:port:1": 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: "network-one:port" } } } }`),
  ).toEqual([
    expect.stringMatching(/^"network-one:port:1" is not a name/),
    'there is no bridge network-one:port = did you mean network-one:port:1?',
  ]);
});

test('an unknown key where a plain value does as well names that, too', () => {
  const ready = (value: string): readonly string[] =>
    messages(`namespaces: { a: { run: { web: { command: httpd, ready: ${value} } } } }`);
  for (const key of ['tcp', 'port', 'http'])
    expect(ready(`{ ${key}: 80 }`)).toEqual([
      `unknown key "${key}" in "ready" = known here: command; or write ready: 8080/tcp`,
    ]);
});
