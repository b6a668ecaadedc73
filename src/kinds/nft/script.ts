import { markLiteral, tableLiteral } from './literals.ts';
import type { NftElements, NftPart, NftPlace } from './part.ts';
import { type NftSpec, rulesOfPart } from './spec.ts';

/** Gives the script of a spec, as nft reads it, with the lab's mark in it. */
export type NftScript = (spec: NftSpec, mark: string) => string;

/** Writes the whole table from its parts: the marker, their maps and sets, and the chains. Made once for each spec. */
export function nftScriptOf(parts: readonly NftPart[]): NftScript {
  const scripts = new WeakMap<NftSpec, { readonly mark: string; readonly script: string }>();
  return (spec, mark) => {
    const known = scripts.get(spec);
    if (known?.mark === mark) return known.script;
    const script = makeScript(spec, mark, parts);
    scripts.set(spec, { mark, script });
    return script;
  };
}

function makeScript(spec: NftSpec, mark: string, parts: readonly NftPart[]): string {
  const written = parts.map((part) => part.statements(rulesOfPart(spec, part)));
  const at = (place: NftPlace): readonly string[] => written.flatMap(({ rules }) => rules[place] ?? []);
  const jump = at('dstnat').length > 0 ? ['jump forwards'] : [];
  const named = written.flatMap((part) => part.chains ?? []).map(({ name, rules }) => chain(name, null, rules));
  const chains = [
    chain('guard', 'type filter hook prerouting priority raw; policy accept;', at('guard')),
    chain('prerouting', 'type nat hook prerouting priority dstnat; policy accept;', jump),
    // The word `dstnat` is not known in the output hook; -100 is its number.
    chain('output', 'type nat hook output priority -100; policy accept;', jump),
    chain('postrouting', 'type nat hook postrouting priority srcnat; policy accept;', [
      ...at('hairpin'),
      ...at('srcnat'),
    ]),
    chain('forwards', null, at('dstnat')),
    ...named,
    chain('refuse', 'type filter hook forward priority filter; policy accept;', at('refuse')),
    chain('refuse-own', 'type filter hook output priority filter; policy accept;', at('refuse')),
    chain('pass', 'type filter hook forward priority filter + 5; policy accept;', at('policy')),
    chain('pass-in', 'type filter hook input priority filter + 5; policy accept;', at('policyIn')),
    chain('pass-out', 'type filter hook output priority filter + 5; policy accept;', at('policyOut')),
    chain('firewall-in', 'type filter hook input priority filter + 10; policy accept;', at('filterIn')),
    chain('firewall-through', 'type filter hook forward priority filter + 10; policy accept;', at('filter')),
    chain('firewall-out', 'type filter hook output priority filter + 10; policy accept;', at('filterOut')),
  ];
  const ports = chain('ports', 'type filter hook prerouting priority filter; policy accept;', at('port'));
  const own = spec.family === 'bridge' ? [...named, ports] : chains;
  const marker = block('set marker', ['type ipv4_addr', `comment ${markLiteral(mark)}`]);
  const elements = written.flatMap((part) => part.elements).flatMap(elementsBlock);
  return `${block(`table ${spec.family ?? 'inet'} ${tableLiteral(spec.table)}`, [...marker, ...elements, ...own.flat()]).join('\n')}\n`;
}

function chain(name: string, hook: string | null, rules: readonly string[]): readonly string[] {
  return rules.length === 0 ? [] : block(`chain ${name}`, [...(hook === null ? [] : [hook]), ...rules]);
}

const elementsBlock = ({ name, declaration, elements }: NftElements): readonly string[] =>
  elements.length === 0 ? [] : block(name, [...declaration, ...block('elements =', [elements.join(',\n\t\t\t')])]);

const block = (head: string, lines: readonly string[]): readonly string[] => [
  `${head} {`,
  ...lines.map((line) => `\t${line}`),
  '}',
];
