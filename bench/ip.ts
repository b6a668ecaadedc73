import type { Instruction } from '../src/model/instruction.ts';
import type { StoreText } from './encode.ts';

/**
 * The same lab by `ip -batch`, one file for the machine and one process a namespace, with MACs, marks and groups, and
 * `nft -f` for tables. Of the sysctls only those without which the lab does not work, and no names: less than netform does.
 */
export function batchScript(instructions: readonly Instruction[], keep: StoreText): string {
  const places = [...new Set(instructions.flatMap((one) => ('netns' in one ? [one.netns] : [])))];
  const inside = places.filter((netns) => netns !== 'host');
  const all = instructions.flatMap((one) => batchLines(one).map((line) => ({ ...line, netns: netnsOf(one) })));
  const linesOf = (netns: string, round: Round): readonly string[] =>
    all.filter((line) => line.netns === netns && line.round === round).map(({ text }) => text);
  const perPlace = new Map<string, string[]>();
  for (const { netns, round, text } of all)
    if (round === 'then') perPlace.set(netns, [...(perPlace.get(netns) ?? []), text]);
  const batch = (netns: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : [`ip ${netns === 'host' ? '' : `-n ${netns} `}-batch ${keep(lines.map((each) => `${each}\n`).join(''))}`];
  return script([
    ...batch('host', [...inside.map((netns) => `netns add ${netns}`), ...linesOf('host', 'links')]),
    ...inside.flatMap((netns) => batch(netns, linesOf(netns, 'links'))),
    ...places.flatMap((netns) => batch(netns, perPlace.get(netns) ?? [])),
    ...rest(instructions, keep),
  ]);
}

/** The same lab as people type it: one process a command, and nothing but what makes it work. */
export function typedScript(instructions: readonly Instruction[], keep: StoreText): string {
  return script([...instructions.flatMap(typedLines), ...rest(instructions, keep)]);
}

/** Takes it away as people do: bridges and the other links of the machine go with the namespaces or by name. */
export function removal(instructions: readonly Instruction[], style: 'batch' | 'typed', keep: StoreText): string {
  const lines = [
    ...instructions.flatMap((one) => (one.do === 'netns.add' ? [`netns delete ${one.netns}`] : [])),
    ...instructions.flatMap((one) =>
      one.do === 'link.add' && one.kind === 'bridge' ? [`link delete ${one.name}`] : [],
    ),
  ];
  const tables = instructions.flatMap((one) =>
    one.do === 'nft.replace' ? [`nft delete table inet ${one.table}`] : [],
  );
  if (style === 'typed') return script([...tables, ...lines.map((line) => `ip ${line}`)]);
  return script([...tables, `ip -batch ${keep(lines.map((line) => `${line}\n`).join(''))}`]);
}

type Round = 'links' | 'then';
type Line = { readonly round: Round; readonly text: string };

function batchLines(one: Instruction): readonly Line[] {
  if (one.do === 'netns.add') return [{ round: 'then', text: `link set dev lo alias ${one.mark} up` }];
  if (one.do === 'link.add') {
    const { name, mac, master, peer, group } = one;
    const own = `link add name ${name} numtxqueues 1 numrxqueues 1 address ${mac} group ${group}${master ? ` master ${master}` : ''} type ${one.kind}`;
    const far = peer
      ? ` peer name ${peer.name} ${elsewhere(one.netns, peer.netns)}numtxqueues 1 numrxqueues 1 address ${peer.mac} group ${group}`
      : '';
    return [{ round: 'links', text: own + far }];
  }
  if (one.do === 'link.set') {
    const { alias, up, hairpin } = one.set;
    if (hairpin) return [{ round: 'then', text: `link set dev ${one.name} type bridge_slave hairpin on` }];
    if (alias === undefined) return up ? [{ round: 'then', text: `link set dev ${one.name} up` }] : [];
    return [{ round: 'then', text: `link set dev ${one.name} alias ${alias}${up ? ' up' : ''}` }];
  }
  return plainLines(one).map((text) => ({ round: 'then', text }));
}

function typedLines(one: Instruction): readonly string[] {
  if (one.do === 'netns.add') return [`ip netns add ${one.netns}`, `ip -n ${one.netns} link set lo up`];
  const ip = netnsOf(one) === 'host' ? 'ip' : `ip -n ${netnsOf(one)}`;
  if (one.do === 'link.add') {
    const { name, master, peer } = one;
    const far = peer ? ` peer name ${peer.name} ${elsewhere(one.netns, peer.netns)}` : '';
    return [
      `${ip} link add ${name} type ${one.kind}${far}`,
      ...(master ? [`${ip} link set ${name} master ${master}`] : []),
    ];
  }
  if (one.do === 'link.set') {
    if (one.set.hairpin) return [`${ip} link set ${one.name} type bridge_slave hairpin on`];
    return one.set.up ? [`${ip} link set ${one.name} up`] : [];
  }
  return plainLines(one).map((text) => `${ip} ${text}`);
}

/** What both write alike. */
function plainLines(one: Instruction): readonly string[] {
  if (one.do === 'address.add') return [`address add ${one.prefix} dev ${one.dev}`];
  if (one.do === 'rule.add') {
    const { from, table, priority } = one.rule;
    return [`rule add from ${from} table ${table} priority ${priority} protocol 78`];
  }
  if (one.do !== 'route.add') return [];
  const { to, table, hops } = one.route;
  const [hop] = hops;
  return [`route add ${to} protocol 78 table ${table}${hop?.via ? ` via ${hop.via}` : ''} dev ${hop?.dev}`];
}

/** The switches that the lab needs, and tables. */
const rest = (instructions: readonly Instruction[], keep: StoreText): readonly string[] =>
  instructions.flatMap((one) => {
    if (one.do === 'nft.replace') return [`nft -f ${keep(one.script)}`];
    if (one.do === 'netns.add' && one.sysctls['net/ipv4/ip_forward'] === '1')
      return [`ip netns exec ${one.netns} sysctl -qw net.ipv4.ip_forward=1`];
    if (one.do === 'sysctl.set' && one.netns === 'host' && NEEDED.test(one.key))
      return [`sysctl -qw ${one.key}=${one.value}`];
    return [];
  });

const NEEDED = /ip_forward$|\/route_localnet$/;

const elsewhere = (here: string, there: string): string => (here === there ? '' : `netns ${there} `);
const netnsOf = (one: Instruction): string => ('netns' in one ? one.netns : 'host');
const script = (lines: readonly string[]): string => ['set -e', ...lines, ''].join('\n');
