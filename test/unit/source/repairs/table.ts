/** What a reader does in one round: replaces the first `from` by `to`, for each message or more. */
export type Round = readonly (readonly [from: string, to: string])[];

/** The rounds of a file of files/, each an answer to what `validate` says about the file as it then is. */
export const REPAIRS: { readonly [file: string]: readonly Round[] } = {
  // Files that look wrong and are not.
  prefix: [],
  typos: [],
  v6: [],
  // Files of a newcomer.
  docker: [
    [
      ['ports:', 'publish:'],
      [', env: {a: b}', ''],
      ['dns: 8.8.8.8', 'dns: { nameservers: 8.8.8.8 }'],
    ],
    [['gateway: 10.0.0.1', 'address: 10.0.0.1']],
  ],
  empty: [[['', 'version: 1\nname: my-lab\n']]],
  indent: [
    [
      ['  interfaces: { eth0: 10.0.0.1/24 }', '    interfaces: { eth0: { bridge: lan, address: 10.0.0.1/24 } }'],
      ['namespaces:', 'bridges: { lan: 10.0.0.0/24 }\nnamespaces:'],
    ],
  ],
  list: [
    [
      ['version: 2', 'version: 1'],
      ['namespaces: [red, blue]', 'namespaces: { red: {}, blue: {} }'],
    ],
  ],
  noname: [[['version: "1"', 'version: 1\nname: red-blue']]],
  nover: [[['name:', 'version: 1\nname:']]],
  orig: [
    [['[eth0', '[eth0]']],
    [
      ['My Lab', 'My-Lab'],
      ['bridge:', 'bridges:'],
      ['adress', 'address'],
      ['10.31.0.0/33, address: 10.32.0.1', '10.31.0.0/24'],
      ['lna', 'lan'],
      ['route:', 'routes:'],
      ['10.30.0.1/24', '10.30.0.3'],
      ['yes', 'true'],
      ['8080:80', '8082:80'],
      ['10.30.0.300', '10.30.0.30'],
      ['yellow', 'blue'],
      ['"eth0 "', 'eth0'],
      ['02:00:00:00:00 ', '"02:00:00:00:00:01" '],
      ['  red:\n    interfaces: {}\n', ''],
      ['red:eth1 - blue:eth1', 'red:eth1 -- blue:eth1'],
      ['[eth0]', 'eth0'],
      ['8080 -> red:99999', '8081 -> red:80'],
    ],
  ],
  tab: [[['\t', '  ']]],
  pub: [[['back: 10.0.3.0/24', 'back: { subnet: 10.0.3.0/24, address: 10.0.3.1 }']]],
  nat1: [
    [
      ['nat: { masquerade: lan }', 'nat: [{ masquerade: lan }]'],
      ['forwarding: 1', 'forwarding: true'],
    ],
  ],
  typ: [
    [
      ['ip:', 'address:'],
      ['route:', 'routes:'],
      [', network: lan', ''],
    ],
  ],
  // More of the same kinds.
  addresses: [
    [
      ['10.0.0.1/24', '10.0.0.0/24'],
      ['dmz: 10.1.0.0', 'dmz: 10.1.0.0/24'],
      ['10.2.0.0/33', '10.2.0.0/24'],
      ['10.0.0.300', '10.0.0.30'],
      ['10.1.0.05', '10.1.0.5'],
      ['02-00-00-00-00-01', '"02:00:00:00:00:01"'],
    ],
  ],
  'all-left': [
    [
      ['  subnet', '    subnet'],
      ['  address', '    address'],
      ['red:\n  interfaces', '  red:\n    interfaces'],
      ['blue:\n  interfaces', '  blue:\n    interfaces'],
    ],
  ],
  'bridge-as-address': [
    [
      ['eth0: lan,', 'eth0: { bridge: lan },'],
      ['eth1: { address: dmz, mtu: 1400 }', 'eth1: { bridge: dmz, mtu: 1400 }'],
      ['eth0: lann', 'eth0: { bridge: lan }'],
    ],
  ],
  'cable-signs': [
    [
      ['a:eth0 - b:eth0', 'a:eth0 -- b:eth0'],
      ['b:eth1 <-> c:eth0', 'b:eth1 -- c:eth0'],
    ],
  ],
  'clab-links': [
    [
      ['kind: linux, ', ''],
      ['kind: linux, ', ''],
      ['endpoints', 'ends'],
      ['from: "b:eth1", to: "c:eth0"', 'ends: ["b:eth1", "c:eth0"]'],
    ],
  ],
  'cni-words': [
    [
      ['name: mynet, ', ''],
      ['cniVersion: 1.0,', 'cniVersion: 1.0.0,'],
      ['plugins: { type: bridge, bridge: cni0 }', 'plugins: [{ type: bridge, bridge: cni0 }]'],
    ],
  ],
  'container-words': [
    [
      ['image: nginx, ', ''],
      ['networks: [lan], ip: 10.0.0.5', 'interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } }'],
      ['ports', 'publish'],
      [', restart: always', ''],
      ['ipv4_address', 'address'],
      [', command: sleep 60', ''],
      ['gateway: 10.0.0.1', 'routes: [{ to: default, via: 10.0.0.1 }]'],
    ],
  ],
  deeper: [[['    dmz', '  dmz']]],
  'far-hop': [
    [
      ['via: c', 'via: r2'],
      ['10.1.0.0/24, via: 10.1.0.9', '10.1.0.0/24, via: r1'],
    ],
  ],
  forwards: [
    [
      ['"80"', '"80:80"'],
      ['8443:443', '8444:443'],
      ['8080:web:80', '8080 -> web:80'],
      ['8081 => web:81', '8081 -> web:81'],
    ],
  ],
  further: [
    [
      ['{ ip: 10.0.0.1 }', '10.0.0.1'],
      ['up: true, gateway: yes', 'gateway: true'],
      ['routing: yes', 'forwarding: true'],
      ['b: { eth0: { bridge: lan } }', 'b: { interfaces: { eth0: { bridge: lan } } }'],
      ['c: { interfaces: { eth0: { bridge: lan } } }', '  c: { interfaces: { eth0: { bridge: lan } } }'],
      ['ip_forward: 1', 'forwarding: true'],
    ],
  ],
  'interface-gateway': [
    [
      [', gateway: r1', ''],
      ['lan: 10.0.0.0/24', 'lan: { subnet: 10.0.0.0/24, gateway: r1 }'],
    ],
  ],
  'letter-case': [
    [
      ['Version', 'version'],
      ['Name', 'name'],
      ['Bridges', 'bridges'],
      ['Subnet', 'subnet'],
      ['Namespaces', 'namespaces'],
      ['Interfaces', 'interfaces'],
      ['Bridge:', 'bridge:'],
      ['portforwards', 'portForwards'],
    ],
  ],
  lonely: [
    [
      ['eth0: 10.0.0.1/24', 'eth0: { bridge: lan, address: 10.0.0.1/24 }'],
      ['namespaces:', 'bridges: { lan: 10.0.0.0/24 }\nnamespaces:'],
    ],
  ],
  merge: [
    [
      ['<<: *red', 'interfaces: { eth0: { bridge: lan } }'],
      ['*reed', '*red'],
    ],
    [['yes', 'true']],
  ],
  'named-list': [
    [
      ['bridges:\n  - name: lan\n    subnet: 10.0.0.0/24', 'bridges: { lan: { subnet: 10.0.0.0/24 } }'],
      [
        'namespaces:\n  - name: red\n    interfaces:\n      - name: eth0\n        bridge: lan\n  - blue',
        'namespaces: { red: { interfaces: { eth0: { bridge: lan } } }, blue: {} }',
      ],
    ],
  ],
  names: [
    [
      ['My Lab', 'My-Lab'],
      ['web server', 'web-server'],
      ['"eth 0"', 'eth-0'],
      ['12:', 'n12:'],
      ['default:', 'default1:'],
    ],
  ],
  'nat-words': [
    [
      ['out_interface', 'out'],
      ['exclude', 'exceptTo'],
      ['port:', 'listen:'],
      ['target', 'to'],
      ['listen: 53, protocol: udp', 'listen: 53/udp'],
    ],
  ],
  'netplan-words': [
    [
      ['network', 'subnet'],
      ['ip:', 'address:'],
      [', dhcp: true', ''],
      ['dhcp4: false, ', ''],
      ['addresses', 'address'],
      ['gateway4: 10.0.0.1, ', ''],
      ['macaddress', 'mac'],
      ['nameservers: { addresses: [10.0.0.53] }', 'dns: { nameservers: [10.0.0.53] }'],
      ['destination', 'to'],
      ['gateway', 'via'],
    ],
  ],
  'no-colon': [[['namespaces', 'namespaces:']], [['interface:', 'interfaces:']]],
  'no-space': [[['name:x', 'name: x']]],
  nothing: [
    [
      ['subnet: ', 'subnet: 10.1.0.0/24'],
      [', routes: ', ''],
      ['nat:\n', ''],
    ],
    [['10.0.0.1/24', '10.1.0.1']],
  ],
  numbers: [
    [
      ['"1400"', '1400'],
      ['yes', 'true'],
      ['10.5', '192.168.15.5'],
      ['mtu: 20', 'mtu: 1400'],
      ['off', 'down'],
      ['forwarding: 1', 'forwarding: true'],
    ],
    [['192.168.15.5', '10.0.0.5']],
  ],
  'open-bracket': [[['10.0.0.1 }', '10.0.0.1 } }']], [['interface:', 'interfaces:']]],
  'open-quote': [[['"x', '"x"']], [['brigde', 'bridge']]],
  'other-sections': [
    [
      ['description: my first lab', '# my first lab'],
      ['switches', 'bridges'],
      [', nat: true } }', ' } }\nnat: [{ masquerade: lan }]'],
      ['hosts', 'namespaces'],
      ['switch:', 'bridge:'],
      ['b: { bridge: lan }', 'b: { interfaces: { eth0: { bridge: lan } } }'],
      ['ports', 'portForwards'],
      ['firewall: []\n', ''],
    ],
  ],
  outside: [
    [
      ['10.9.0.1', '10.0.0.1'],
      ['10.0.1.5', '10.0.0.5'],
      [
        'blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1',
        'blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.2',
      ],
    ],
  ],
  overlay: [
    [
      ['vni', 'id'],
      ['peer', 'remote'],
      ['macvlan: eth0', 'macvlan: { parent: eth0 }'],
      ['dstport', 'port'],
    ],
  ],
  'route-words': [
    [
      ['on }', 'true }'],
      ['"default via 10.0.0.1"', '{ to: default, via: 10.0.0.1 }'],
      ['"10.9.0.0/16 via 10.0.0.1 metric 50"', '{ to: 10.9.0.0/16, via: 10.0.0.1, metric: 50 }'],
      ['rules: from 10.1.1.0/24 lookup 100', 'rules: [{ from: 10.1.1.0/24, table: 100 }]'],
    ],
  ],
  'routes-right': [[['      routes', '    routes']]],
  settings: [
    [
      ['sysctls: ["net.ipv4.ip_forward=1"]', 'sysctls: { net.ipv4.ip_forward: 1 }'],
      ['dns: [10.0.0.53]', 'dns: { nameservers: [10.0.0.53] }'],
      [
        'neighbours: 10.0.0.9 lladdr 02:00:00:00:00:09 dev lo',
        'neighbours: [{ to: 10.0.0.9, mac: "02:00:00:00:00:09", dev: lo }]',
      ],
      ['sysctl:', 'sysctls:'],
      ['[4096]', '4096'],
    ],
  ],
  twice: [
    [
      ['lna', 'lan'],
      ['adress', 'address'],
      ['10.0.0.400', '10.0.0.40'],
      ['  red: {}\n', ''],
      ['nat: masquerade lan', 'nat: [{ masquerade: lan }]'],
    ],
  ],
  'two-documents': [[['---\n', '']]],
  'unknown-names': [
    [
      ['lam', 'lan'],
      ['bleu', 'blue'],
      ['eth7', 'eth1'],
      ['gren', 'green'],
      ['laan', 'lan'],
    ],
  ],
  unwired: [[['namespaces:', 'links:\n  - a:eth0 -- b:eth0\nnamespaces:']]],
  'wrong-shapes': [
    [
      ['[x]', 'x'],
      ['bridges: lan', 'bridges: { lan: 10.1.0.0/24 }'],
      ['interfaces: eth0', 'interfaces: { eth0: { bridge: lan } }'],
      ['blue: []', 'blue: {}'],
      ['links: { ends: ["red:eth1", "blue:eth1"] }', 'links: [{ ends: ["red:eth1", "blue:eth1"] }]'],
      ['portForwards: "80 -> red:80"', 'portForwards: ["80 -> red:80"]'],
    ],
    [['lan: 10.1.0.0/24', 'lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }']],
  ],
  'yaml-words': [
    [
      ['true: {}', '"true": {}'],
      ['forwarding: "true"', 'forwarding: true'],
    ],
  ],
};

/** Files of other programs: what the one message says after the file's name, with the remedy. */
export const FOREIGN_FILES: { readonly [file: string]: readonly [what: string, remedy: string] } = {
  compose: ['a file of Docker Compose', 'netform import compose compose.yaml -o lab.yaml makes a topology of it'],
  'compose-variables': [
    'a file of Docker Compose',
    'netform import compose compose-variables.yaml -o lab.yaml makes a topology of it',
  ],
  clab: ['a file of containerlab', 'netform import containerlab clab.yaml -o lab.yaml makes a topology of it'],
  script: ['a shell script', 'netform import script script.yaml -o lab.yaml makes a topology of it'],
  pod: ['a Kubernetes manifest', 'netform import kubernetes pod.yaml -o lab.yaml makes a topology of it'],
  manifests: ['a Kubernetes manifest', 'netform import kubernetes manifests.yaml -o lab.yaml makes a topology of it'],
  conflist: [
    'a CNI configuration',
    'in a topology it stands under cni, without its name: cni: { mynet: { cniVersion: …, plugins: […] } }',
  ],
  netplan: [
    'a file of Netplan',
    'it configures this machine, not a lab; netform cannot import it; netform init begins a topology',
  ],
};
