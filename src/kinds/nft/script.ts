import { forwardStatements, type NftElements } from './forwards.ts';
import { markLiteral, tableLiteral } from './literals.ts';
import { natRules } from './nat.ts';
import type { NftSpec } from './spec.ts';

/** The whole table as nft reads it: the marker, the forwards as maps, and the chains. Made once for each spec. */
export function nftScript(spec: NftSpec, mark: string): string {
  const known = scripts.get(spec);
  if (known?.mark === mark) return known.script;
  const script = makeScript(spec, mark);
  scripts.set(spec, { mark, script });
  return script;
}

const scripts = new WeakMap<NftSpec, { readonly mark: string; readonly script: string }>();

function makeScript(spec: NftSpec, mark: string): string {
  const { maps, rules, hairpins, guarded } = forwardStatements(spec.forwards);
  const jump = rules.length > 0 ? ['jump forwards'] : [];
  const chains = [
    chain('guard', 'type filter hook prerouting priority raw; policy accept;', guarded ? [GUARD] : []),
    chain('prerouting', 'type nat hook prerouting priority dstnat; policy accept;', jump),
    // The word `dstnat` is not known in the output hook; -100 is its number.
    chain('output', 'type nat hook output priority -100; policy accept;', jump),
    chain('postrouting', 'type nat hook postrouting priority srcnat; policy accept;', [
      ...hairpins,
      ...natRules(spec.nat),
    ]),
    chain('forwards', null, rules),
  ];
  const marker = block('set marker', ['type ipv4_addr', `comment ${markLiteral(mark)}`]);
  return `${block(`table inet ${tableLiteral(spec.table)}`, [...marker, ...maps.flatMap(elementsBlock), ...chains.flat()]).join('\n')}\n`;
}

/** With localhost routable, this keeps neighbours from reaching what listens on loopback only. */
const GUARD = 'iifname != "lo" ip daddr 127.0.0.0/8 drop';

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
