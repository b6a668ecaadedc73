/** Where what is sent to netform must never arrive: a file and a namespace that no topology asks for. */
export const CANARY = '/run/canary';

const COMMANDS = ['touch /run/canary', 'ip netns add canary', 'nft flush ruleset'] as const;

/** Texts that are something else to a shell, to `ip`, to nft, to a path, to a terminal, or to YAML. */
export const PAYLOADS: readonly string[] = [
  ...COMMANDS.flatMap((command) => [
    `;${command};`,
    `$(${command})`,
    `\`${command}\``,
    `|${command}`,
    `&&${command}`,
    `x\n${command}\n`,
    `x"; ${command}; #`,
    `x' ; ${command} ; '`,
  ]),
  ...[
    'x" ; flush ruleset ; #',
    'x" } } table inet canary { }',
    '{ 1.2.3.4 }',
    '$x',
    '@x',
    'accept',
    'x comment "y"',
    'include "/etc/shadow"',
  ],
  ...['../canary', '../../run/canary', '/run/canary', '..', '.', '', ' ', '/', 'a/b', '~root', '*', '?', '[a]'],
  ...['-x', '--help', '-', '--', '-batch', 'dev', 'via', 'all', 'default', 'lo', 'any', 'host'],
  ...[
    '\u0000',
    'x\u0000y',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u009b31m',
    '\u202ex',
    '\u200b',
    'x\ty',
    'x\ry',
    '\ud800',
    '\ufeffx',
    'ü',
    '🦊',
  ],
  ...[
    'x'.repeat(16),
    'x'.repeat(300),
    '%d',
    '%s%n',
    '%n%n%n%n',
    '\\x41',
    '\\n',
    `\${HOME}`,
    '{{x}}',
    '<%= 1 %>',
    '!!js/function x',
    '&a',
    '*a',
    '<<',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...['localhost', 'ip6-localhost', '127.0.0.1 localhost', '10.0.0.1\n127.0.0.1 evil', '# x', 'x # y'],
  ...[
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.1',
    '167772161',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    '10.0.0.1/33',
    '10.0.0.1/-1',
    '10.0.0.1/24/24',
  ],
  ...['0.0.0.0/0', '127.0.0.1', '169.254.169.254', '255.255.255.255', '224.0.0.1', '::1', '::', '1'.repeat(40)],
  ...['# END netform:v1:lab:00000000', '# BEGIN netform:v1:lab:00000000 sha256:0000000000000000', 'netform_lab'],
];

type Value = { readonly [key: string]: unknown };

/** Every place of the language where a user writes a text, each as the topology that has a payload there. */
export const FIELDS: readonly (readonly [string, (text: string) => Value])[] = [
  ['version', (text) => ({ ...LAB, version: text })],
  ['name', (text) => ({ ...LAB, name: text })],
  ['a key', (text) => ({ ...LAB, [text]: {} })],
  ['bridge', (text) => ({ ...LAB, bridges: { [text]: '10.30.0.0/24' } })],
  ['bridge.subnet', (text) => bridge({ subnet: text })],
  ['bridge.address', (text) => bridge({ subnet: '10.30.0.0/24', address: text })],
  ['bridge.mac', (text) => bridge({ subnet: '10.30.0.0/24', mac: text })],
  ['bridge.key', (text) => bridge({ subnet: '10.30.0.0/24', [text]: 1 })],
  ['namespace', (text) => ({ ...LAB, namespaces: { [text]: { interfaces: { eth0: { bridge: 'lan' } } } } })],
  ['interface', (text) => red({ interfaces: { [text]: { bridge: 'lan' } } })],
  ['interface.bridge', (text) => red({ interfaces: { eth0: { bridge: text } } })],
  ['interface.address', (text) => red({ interfaces: { eth0: { bridge: 'lan', address: text } } })],
  ['interface.addresses', (text) => red({ interfaces: { eth0: { bridge: 'lan', address: ['10.10.0.8', text] } } })],
  ['interface.mac', (text) => red({ interfaces: { eth0: { bridge: 'lan', mac: text } } })],
  ['interface.mtu', (text) => red({ interfaces: { eth0: { bridge: 'lan', mtu: text } } })],
  ['interface.state', (text) => red({ interfaces: { eth0: { bridge: 'lan', state: text } } })],
  ['inner bridge', (text) => red({ bridges: { [text]: '10.31.0.0/24' } })],
  ['route.to', (text) => red({ routes: [{ to: text, via: '10.10.0.1' }] })],
  ['route.via', (text) => red({ routes: [{ to: '10.40.0.0/24', via: text }] })],
  ['route.dev', (text) => red({ routes: [{ to: '10.40.0.0/24', dev: text }] })],
  ['route.src', (text) => red({ routes: [{ to: '10.40.0.0/24', via: '10.10.0.1', src: text }] })],
  ['route.table', (text) => red({ routes: [{ to: '10.40.0.0/24', via: '10.10.0.1', table: text }] })],
  ['route.type', (text) => red({ routes: [{ to: '10.40.0.0/24', type: text }] })],
  ['rule.from', (text) => red({ rules: [{ from: text, table: 100 }] })],
  ['rule.iif', (text) => red({ rules: [{ iif: text, table: 100 }] })],
  ['rule.mark', (text) => red({ rules: [{ mark: text, table: 100 }] })],
  ['neighbour.to', (text) => red({ neighbours: [{ to: text, mac: '02:00:00:00:00:01', dev: 'eth0' }] })],
  ['neighbour.mac', (text) => red({ neighbours: [{ to: '10.10.0.200', mac: text, dev: 'eth0' }] })],
  ['neighbour.dev', (text) => red({ neighbours: [{ to: '10.10.0.200', mac: '02:00:00:00:00:01', dev: text }] })],
  ['sysctl', (text) => red({ sysctls: { [text]: 1 } })],
  ['sysctl.value', (text) => red({ sysctls: { 'net.ipv4.fib_multipath_hash_policy': text } })],
  ['nat.masquerade', (text) => ({ ...LAB, nat: [{ masquerade: text }] })],
  ['nat.out', (text) => red({ nat: [{ masquerade: 'any', out: text }] })],
  ['nat.snat', (text) => ({ ...LAB, nat: [{ snat: text, to: '10.10.0.1' }] })],
  ['forward', (text) => ({ ...LAB, portForwards: [text] })],
  ['forward.to', (text) => ({ ...LAB, portForwards: [`8080 -> ${text}:80`] })],
  ['forward.port', (text) => ({ ...LAB, portForwards: [`${text} -> red:80`] })],
  ['publish', (text) => red({ publish: [text] })],
  ['link', (text) => ({ ...LAB, links: [text] })],
  ['link.end', (text) => ({ ...LAB, links: [`red:${text} -- blue:c0`] })],
  ['link.ends', (text) => ({ ...LAB, links: [{ ends: ['red:c0', text] }] })],
  [
    'host.interface',
    (text) => ({ ...LAB, host: { interfaces: { [text]: { existing: true, address: '192.0.2.9/24' } } } }),
  ],
  ['host.sysctl', (text) => ({ ...LAB, host: { sysctls: { [text]: 1 } } })],
  ['dns.search', (text) => red({ dns: { search: [text] } })],
  ['dns.nameserver', (text) => red({ dns: { nameservers: [text] } })],
  ['dns.order', (text) => red({ dns: { order: [text] } })],
  ['dns.hosts', (text) => red({ dns: { hosts: { [text]: '10.10.0.9' } } })],
  ['dns.hosts.address', (text) => red({ dns: { hosts: { nas: text } } })],
  ['cni', (text) => ({ ...LAB, cni: { [text]: { cniVersion: '1.0.0', plugins: [{ type: 'loopback' }] } } })],
  ['cni.type', (text) => plugin({ type: text })],
  [
    'cni.bridge',
    (text) => plugin({ type: 'bridge', bridge: text, ipam: { type: 'host-local', subnet: '10.41.0.0/24' } }),
  ],
  ['cni.ipam', (text) => plugin({ type: 'bridge', ipam: { type: text, subnet: '10.41.0.0/24' } })],
  ['vars', (text) => ({ ...LAB, vars: { [text]: 'x' } })],
  [
    'vars.value',
    (text) => ({ ...LAB, vars: { v: text }, bridges: { lan: { subnet: '10.10.0.0/24', address: `\${v}` } } }),
  ],
];

const LAB: Value = {
  version: 1,
  name: 'lab',
  bridges: { lan: { subnet: '10.10.0.0/24', address: '10.10.0.1' } },
  namespaces: {
    red: { interfaces: { eth0: { bridge: 'lan', address: '10.10.0.2' } } },
    blue: { interfaces: { eth0: { bridge: 'lan', address: '10.10.0.3' } } },
  },
};

const bridge = (value: unknown): Value => ({ ...LAB, bridges: { lan: value } });

const red = (more: Value): Value => ({
  ...LAB,
  namespaces: { red: { interfaces: { eth0: { bridge: 'lan', address: '10.10.0.2' } }, ...more } },
});

const plugin = (one: Value): Value => ({ ...LAB, cni: { mynet: { cniVersion: '1.0.0', plugins: [one] } } });
