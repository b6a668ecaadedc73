import type { LegacySave } from '../../model/kernel/live-state.ts';
import type { NftChainText } from './ruleset.ts';

/** The chains in what `iptables-save` prints, in the form of those of nftables: `*nat`, `:DOCKER - [0:0]`, `-A DOCKER …`. */
export function parseLegacyChains({ program, save }: LegacySave): readonly NftChainText[] {
  const family = program === 'iptables-legacy' ? 'ip' : 'ip6';
  return [...(save ?? '').matchAll(/^\*(\w+)$([\s\S]*?)^COMMIT$/gm)].flatMap(([, name = '', text = '']) => {
    const lines = text.split('\n').map((line) => line.split(' '));
    const rules = lines.filter(([word]) => word === '-A');
    return lines
      .filter(([word]) => word?.startsWith(':'))
      .map(([word = '', policy = '']): NftChainText => {
        const chain = word.slice(1);
        const hook = policy === '-' ? null : { type: name, at: chain.toLowerCase(), policy: policy.toLowerCase() };
        const own = rules.filter(([, of]) => of === chain).map((words) => words.slice(2));
        return { table: `${family} ${name} of ${program}`, name: chain, hook, rules: own };
      });
  });
}
