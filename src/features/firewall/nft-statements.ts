import { firewallDefaults, firewallEntries } from '../../firewall/lab-firewall.ts';
import { linkLiteral, logPrefixLiteral, prefixLiteral } from '../../kinds/nft/literals.ts';
import { ACCEPT_NEIGHBOURS, headerWord, peerMatches, portMatches } from '../../kinds/nft/matches.ts';
import type { NftStatements } from '../../kinds/nft/part.ts';
import { invariant } from '../../model/error.ts';
import type {
  FirewallDefaults,
  FirewallDirection,
  FirewallEntry,
  FirewallMatch,
  FirewallRule,
} from '../../model/lab-parts/firewall-rule.ts';
import type { PeerNetwork } from '../../model/lab-parts/peer.ts';
import { familyOf } from '../../net/address.ts';

const RULES = 'firewall/rules';
const REFUSE = 'firewall/refuse';

/**
 * A firewall as three chains, one for each direction, which share one with its rules: what is denied, what a forward or a service has
 * sent here, what is allowed. Each chain ends in its default.
 */
export function firewallStatements(rules: readonly FirewallRule[]): NftStatements {
  const defaults = firewallDefaults(rules);
  if (defaults === null) return { elements: [], rules: {} };
  const entries = firewallEntries(rules).map((entry) => ({ sort: entry.sort, lines: entryLines(entry) }));
  const linesOf = (sort: FirewallEntry['sort']): readonly string[] =>
    entries.flatMap((entry) => (entry.sort === sort ? entry.lines : []));
  const [denied, allowed] = [linesOf('deny'), linesOf('allow')];
  const isClosed = Object.values(defaults.verdicts).some((verdict) => verdict !== 'accept');
  const shared = isClosed || denied.length > 0 ? [...denied, ...(isClosed ? [TRANSLATED, ...allowed] : [])] : [];
  const chainOf = (direction: FirewallDirection) => directionRules(defaults, direction, shared);
  const input = chainOf('input');
  const forward = chainOf('forward');
  const output = chainOf('output');
  const isRefusing = [...shared, ...input, ...forward, ...output].some((line) => line.endsWith(`jump ${REFUSE}`));
  return {
    elements: [],
    chains: [
      ...(isRefusing ? [{ name: REFUSE, rules: ['meta l4proto tcp reject with tcp reset', 'reject'] }] : []),
      ...(shared.length === 0 ? [] : [{ name: RULES, rules: shared }]),
    ],
    rules: { filterIn: input, filter: forward, filterOut: output },
  };
}

/** What a forward or a service has sent elsewhere was let in by these. */
const TRANSLATED = 'ct status dnat accept';

function directionRules(
  defaults: FirewallDefaults,
  direction: FirewallDirection,
  shared: readonly string[],
): readonly string[] {
  const { verdicts, links, lans, clampMss, log } = defaults;
  const verdict = verdicts[direction];
  // Before what is established is accepted: the answer of the other end has a size, too.
  const clamp = direction === 'forward' && clampMss ? ['tcp flags syn tcp option maxseg size set rt mtu'] : [];
  if (shared.length === 0 && verdict === 'accept')
    return clamp.length === 0 ? [] : [...others(links, direction), ...clamp];
  const lo = { input: ['iif "lo" accept'], output: ['oif "lo" accept'], forward: [] }[direction];
  return [
    ...(links === null ? lo : others(links, direction)),
    ...clamp,
    'ct state established,related accept',
    ACCEPT_NEIGHBOURS,
    ...(direction === 'forward' ? lans.flatMap(switchedRules) : ['meta l4proto 2 accept']),
    ...(shared.length === 0 ? [] : [`jump ${RULES}`]),
    ...(verdict !== 'accept' && log ? [`${LIMIT} log prefix ${logPrefixLiteral(`firewall ${direction}`)}`] : []),
    ...(verdict === 'accept' ? [] : [verdictLine(verdict)]),
  ];
}

/** On the machine, the lab leaves alone what neither enters nor leaves by a link of its own. */
function others(links: readonly string[] | null, direction: FirewallDirection): readonly string[] {
  if (links === null) return [];
  const set = `!= { ${links.map(linkLiteral).join(', ')} }`;
  const parts = {
    input: [`iifname ${set}`],
    output: [`oifname ${set}`],
    forward: [`iifname ${set}`, `oifname ${set}`],
  };
  return [`${parts[direction].join(' ')} accept`];
}

/** Frames between ports of a bridge come here only where they pass netfilter, which must not decide whether they are filtered. */
function switchedRules({ dev, subnets }: FirewallDefaults['lans'][number]): readonly string[] {
  const same = `iifname ${linkLiteral(dev)} oifname ${linkLiteral(dev)}`;
  return [
    ...subnets.map((subnet) => {
      const [header, network] = [headerWord(familyOf(subnet)), prefixLiteral(subnet)];
      return `${same} ${header} saddr ${network} ${header} daddr ${network} accept`;
    }),
    `${same} ip6 daddr fe80::/10 accept`,
    `${same} meta pkttype { broadcast, multicast } accept`,
  ];
}

/** Of what is logged, ten a second after the first twenty. */
const LIMIT = 'limit rate 10/second burst 20 packets';

const verdictLine = (verdict: FirewallEntry['verdict']): string => (verdict === 'reject' ? `jump ${REFUSE}` : verdict);

function entryLines(entry: FirewallEntry): readonly string[] {
  const links = [
    ...(entry.in === null ? [] : [linkMatch('iifname', entry.in)]),
    ...(entry.out === null ? [] : [linkMatch('oifname', entry.out)]),
  ];
  if (entry.in?.length === 0 || entry.out?.length === 0) return [];
  const found = entry.matches.flatMap((match) => matchTexts(entry.from, match));
  return [...new Set(found)].flatMap((match) => {
    const words = [...links, match].filter(Boolean);
    const log = entry.log === null ? [] : [[...words, `${LIMIT} log prefix ${logPrefixLiteral(entry.log)}`].join(' ')];
    return [...log, [...words, verdictLine(entry.verdict)].join(' ')];
  });
}

const linkMatch = (word: string, names: readonly string[]): string =>
  names.length === 1
    ? `${word} ${names.map(linkLiteral).join('')}`
    : `${word} { ${names.map(linkLiteral).join(', ')} }`;

/** Every combination of a match of the source, of the destination, and of ports or protocols. */
function matchTexts(from: readonly PeerNetwork[] | null, { to, ports, protocols }: FirewallMatch): readonly string[] {
  const ends =
    from === null && to === null
      ? ['']
      : ([4, 6] as const).flatMap((family) => {
          const sources = from === null ? [''] : peerMatches(from, family, 'saddr');
          const targets = to === null ? [''] : peerMatches(to, family, 'daddr');
          return sources.flatMap((source) => targets.map((target) => [source, target].filter(Boolean).join(' ')));
        });
  const what =
    ports !== null
      ? portMatches(ports)
      : protocols !== null
        ? [`meta l4proto { ${protocols.map(protocolNumber).join(', ')} }`]
        : [''];
  return ends.flatMap((end) => what.map((one) => [end, one].filter(Boolean).join(' ')));
}

function protocolNumber(protocol: string): string {
  invariant(/^(?:[a-z][a-z0-9-]*|\d{1,3})$/.test(protocol), `${JSON.stringify(protocol)} cannot be a protocol`);
  return protocol;
}
