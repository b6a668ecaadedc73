const MOST_PORTS = 1000;
/** A file has at most 20,000 keys; a member written out has four. */
const MOST_WRITTEN = 4990;
const FORWARDS_OF_A_FULL_LAB = 20;

/**
 * A topology of `count` namespaces `n0`…, each with `eth0` on a bridge of the host. Up to a thousand share `sw0`; more
 * are spread over bridges so that none is nearly full: 5,000 stand on six. It has the defaults, names among them, unless
 * `names` is false: what netform is compared with writes no name files.
 */
export function star(count: number, { names = true }: { readonly names?: boolean } = {}): string {
  const bridges = bridgesFor(count);
  return lines([
    ...head('star'),
    ...(names ? [] : ['dns: { names: false }']),
    'bridges:',
    ...upTo(bridges).map((i) => `  sw${i}: { subnet: 10.${i}.0.0/16, address: 10.${i}.0.1 }`),
    'namespaces:',
    ...upTo(count).map((i) => `  n${i}: ${count > MOST_WRITTEN ? memberByAlias(i, bridges) : member(i % bridges)}`),
  ]);
}

const member = (bridge: number): string => `{ interfaces: { eth0: { bridge: sw${bridge} } } }`;
const memberByAlias = (i: number, bridges: number): string =>
  i < bridges ? `&m${i} ${member(i)}` : `*m${i % bridges}`;

/** A topology of `count` routers `r0`… in a row, each with a cable to the next, and routes from one end to the other. */
export function chain(count: number): string {
  const last = count - 1;
  const router = (i: number): readonly string[] => [
    `  r${i}:`,
    '    forwarding: true',
    '    interfaces:',
    ...(i > 0 ? [`      left: ${cableOf(i - 1)}.2/30`] : []),
    ...(i < last ? [`      right: ${cableOf(i)}.1/30`] : []),
    '    routes:',
    ...(i > 1 ? [`      - { to: ${cableOf(0)}.0/30, via: ${cableOf(i - 1)}.1 }`] : []),
    ...(i < last - 1 ? [`      - { to: ${cableOf(last - 1)}.0/30, via: ${cableOf(i)}.2 }`] : []),
  ];
  const cables = upTo(last).map((i) => `  - r${i}:right -- r${i + 1}:left`);
  return lines([...head('chain'), 'namespaces:', ...upTo(count).flatMap(router), 'links:', ...cables]);
}

/** A topology of `count` namespaces on a masqueraded bridge: 20 forwards, names for all, a policy route in each. */
export function full(count: number): string {
  const member = (i: number): readonly string[] => [
    `  n${i}:`,
    '    interfaces: { eth0: { bridge: sw0 } }',
    `    rules: [{ from: 10.0.0.0/16, table: 100, priority: 1000 }]`,
    '    routes: [{ to: default, via: 10.0.0.1, table: 100 }]',
  ];
  return lines([
    ...head('full'),
    'bridges:',
    '  sw0: { subnet: 10.0.0.0/16, address: 10.0.0.1 }',
    'namespaces:',
    ...upTo(count).flatMap(member),
    'nat:',
    '  - masquerade: sw0',
    'portForwards:',
    ...upTo(Math.min(count, FORWARDS_OF_A_FULL_LAB)).map((i) => `  - ${8000 + i} -> n${i}:80`),
    'dns: { names: true }',
  ]);
}

/** A topology of one namespace on a bridge and `count` ports of the host (at most 60,000) that are forwarded to it. */
export const forwards = (count: number): string =>
  lines([
    ...head('forwards'),
    'bridges:',
    '  sw0: { subnet: 10.0.0.0/24, address: 10.0.0.1 }',
    'namespaces:',
    '  n0: { interfaces: { eth0: { bridge: sw0 } } }',
    'portForwards:',
    ...upTo(count).map((i) => `  - ${FIRST_PORT + i} -> n0:${FIRST_PORT + i}`),
  ]);

const FIRST_PORT = 2000;

/** The namespace whose table the services of `services` are in. */
export const SERVICE_NODE = 'node';

/**
 * A topology of four pods behind a node and `count` services with three of them as endpoints each. With `isMoved` the
 * first service has another one as its last endpoint.
 */
export function services(count: number, { isMoved = false }: { readonly isMoved?: boolean } = {}): string {
  const endpoints = (i: number): string =>
    [i, i + 1, isMoved && i === 0 ? i + 3 : i + 2].map((pod) => `pod-${pod % 4}`).join(', ');
  return lines([
    ...head('services'),
    'namespaces:',
    `  ${SERVICE_NODE}:`,
    '    forwarding: true',
    '    bridges: { cni0: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }',
    ...upTo(4).map(
      (i) =>
        `  pod-${i}: { interfaces: { eth0: { bridge: "${SERVICE_NODE}:cni0" } }, routes: [{ to: default, via: ${SERVICE_NODE} }] }`,
    ),
    'services:',
    ...upTo(count).map((i) => `  s${i}: { to: [${endpoints(i)}], ports: [80] }`),
  ]);
}

export type Change = { readonly before: string; readonly after: string };

/** One thing more or less in a star of `count` namespaces (at least ten), and nothing else: two topologies each. */
export const CHANGES = {
  'add a namespace': (count) => ({ before: without(star(count), count - 1), after: star(count) }),
  'remove a namespace': (count) => ({ before: star(count), after: without(star(count), count - 1) }),
  'add an address': (count) => ({
    before: star(count),
    after: written(star(count), 8, 'interfaces: { eth0: { bridge: sw0, address: [10.0.0.10, 10.0.200.8] } }'),
  }),
  'add a route': (count) => ({
    before: star(count),
    after: written(star(count), 7, 'interfaces: { eth0: { bridge: sw0 } }, routes: [{ to: 10.98.0.0/16, dev: eth0 }]'),
  }),
  'add a forward': (count) => ({ before: star(count), after: `${star(count)}portForwards:\n  - 8080 -> n6:80\n` }),
} as const satisfies { readonly [what: string]: (count: number) => Change };

const without = (topology: string, i: number): string => topology.replace(entryOf(i), '');
const written = (topology: string, i: number, text: string): string =>
  topology.replace(entryOf(i), `  n${i}: { ${text} }\n`);
const entryOf = (i: number): RegExp => new RegExp(`^ {2}n${i}: .*\\n`, 'm');

/** How many bridges a star of so many namespaces has. */
export const bridgesFor = (count: number): number =>
  count <= MOST_PORTS ? 1 : Math.ceil(count / (MOST_PORTS - Math.ceil(MOST_PORTS / 8)));

const cableOf = (i: number): string => `10.${Math.floor(i / 256)}.${i % 256}`;

const head = (name: string): readonly string[] => ['version: 1', `name: ${name}`];
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
