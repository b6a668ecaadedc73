import type { CheckDoc } from '../check.ts';

/** Checks that are made while the text is read. */
export const sourceDocs: readonly CheckDoc[] = [
  {
    name: 'file-limit',
    title: 'The file is too large',
    explain:
      'A topology has at most 1 MiB, 50,000 keys and 64 levels, and its aliases stand for at most 100,000 values. The limits keep the reading of a file from anywhere short.',
    bad: null,
    good: null,
  },
  {
    name: 'file-encoding',
    title: 'The file is not text',
    explain: 'A topology is UTF-8 text without control characters. A file in another encoding has to be converted.',
    bad: null,
    good: null,
  },
  {
    name: 'yaml-syntax',
    title: 'Not valid YAML',
    explain:
      'The text cannot be read as YAML: a bracket or a quote is not closed, the indentation is off, a tab indents.',
    bad: `
namespaces:
  red: { interfaces: { eth0: 10.0.0.1/24 }
`,
    good: `
namespaces:
  red: { interfaces: { lo: 10.0.0.1/32 } }
`,
  },
  {
    name: 'yaml-feature',
    title: 'A feature of YAML that topologies do not use',
    explain:
      'Tags (`!!str`), directives, merge keys (`<<`), several documents in one file, and keys that are not text are refused: they make a file mean something else than what it shows.',
    bad: `
namespaces:
  red: !!map {}
`,
    good: `
namespaces:
  red: {}
`,
  },
  {
    name: 'duplicate-key',
    title: 'A key stands twice',
    explain: 'One map has the same key twice. YAML would keep the last one without a word.',
    bad: `
namespaces:
  red: {}
  red: {}
`,
    good: `
namespaces:
  red: {}
  blue: {}
`,
  },
  {
    name: 'reserved-key',
    title: 'A key that programs cannot handle safely',
    explain:
      'The keys `__proto__`, `constructor` and `prototype` mean something to JavaScript and are refused everywhere.',
    bad: `
namespaces:
  constructor: {}
`,
    good: `
namespaces:
  builder: {}
`,
  },
  {
    name: 'unknown-variable',
    title: 'A variable that nobody sets',
    explain:
      'The text has a variable in `$` and braces, and neither `vars` nor `--var` nor a `--var-file` sets it; or `--var` sets one that the file does not have.',
    bad: `
bridges: { lan: "\${subnet}" }
`,
    good: `
vars: { subnet: 10.0.0.0/24 }
bridges: { lan: "\${subnet}" }
`,
  },
  {
    name: 'unknown-key',
    title: 'A key that the language does not have',
    explain: 'A key is misspelt, or stands where it means nothing. The message names the one that was probably meant.',
    bad: `
bridges: { lan: { subnett: 10.0.0.0/24 } }
`,
    good: `
bridges: { lan: { subnet: 10.0.0.0/24 } }
`,
  },
  {
    name: 'wrong-type',
    title: 'A value of the wrong type',
    explain: 'A value is a text where a map, a list, a number, or true or false belongs, or the other way round.',
    bad: `
namespaces:
  red: { forwarding: "on" }
`,
    good: `
namespaces:
  red: { forwarding: true }
`,
  },
  {
    name: 'missing-key',
    title: 'A key is missing',
    explain: 'An object lacks a key that it cannot do without.',
    bad: `
namespaces:
  red: { routes: [{ via: 10.0.0.1 }] }
`,
    good: `
namespaces:
  red: { routes: [{ to: 10.9.0.0/16, type: blackhole }] }
`,
  },
  {
    name: 'bad-value',
    title: 'A value that is not possible',
    explain:
      'A value has the right type, but is out of range, none of the choices, or contradicts another one beside it.',
    bad: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 20 } }
`,
    good: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 1400 } }
`,
  },
  {
    name: 'bad-name',
    title: 'A name that cannot be used',
    explain:
      'Names begin with a letter and go on with letters, digits, `_`, `.` and `-`. `host` means the machine itself.',
    bad: `
namespaces:
  red team: {}
`,
    good: `
namespaces:
  red-team: {}
`,
  },
  {
    name: 'bad-address',
    title: 'Not an address, not a prefix',
    explain:
      'Addresses are read strictly: four decimal numbers without leading zeros, or IPv6 without a zone. A subnet is a prefix without host bits.',
    bad: `
bridges: { lan: 10.0.0.256/24 }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
`,
  },
  {
    name: 'bad-port',
    title: 'Not a port, not a forward',
    explain: 'A port is a number from 1 to 65535, or a range of them; a forward leads from a port to a target.',
    bad: `
portForwards: [ "70000 -> 10.0.0.5:80" ]
`,
    good: `
portForwards: [ "8080 -> 10.0.0.5:80" ]
`,
  },
  {
    name: 'bad-reference',
    title: 'Not a reference',
    explain: 'A cable, or a name that stands for an interface or a bridge, is not written as `name` or `name:part`.',
    bad: `
namespaces: { a: {}, b: {} }
links: [ "a:eth0 - b:eth0" ]
`,
    good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
  },
  {
    name: 'host-key-sysctl',
    title: 'A sysctl of the whole machine in a namespace',
    explain:
      'The key exists only once on a machine. A namespace has no value of its own, so the lab cannot set it there.',
    bad: `
namespaces:
  red: { sysctls: { net.core.default_qdisc: fq } }
`,
    good: `
namespaces:
  red: { sysctls: { net.ipv4.ip_default_ttl: 32 } }
`,
  },
  {
    name: 'bad-hostname',
    title: 'Not a name for a hosts file',
    explain:
      'Names of hosts, search domains and the like consist of letters, digits and inner hyphens between dots (RFC 1123).',
    bad: `
namespaces: { red: {} }
dns: { hosts: { db_1: 10.0.0.5 } }
`,
    good: `
namespaces: { red: {} }
dns: { hosts: { db-1: 10.0.0.5 } }
`,
  },
];
