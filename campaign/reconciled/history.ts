import type { Random } from '../random.ts';

/** What a lab is like in a commit. */
export type LabVersion = {
  /** Null: the commit has no file of it. */
  readonly text: string | null;
  readonly verdict: LabVerdict;
};

/**
 * `good`: it can be applied. `broken`: it has a mistake. `unreadable`: nobody can tell which lab it is. `emptied`: nothing
 * is left in it. `failing`: its probe fails. `held`: something is in its way. `left`: it is not there.
 */
export type LabVerdict = 'good' | 'broken' | 'unreadable' | 'emptied' | 'failing' | 'held' | 'left';

/** What a commit is as a whole. `stranger`: a key signed it that is not allowed. `rewritten`: it comes after nothing. */
export type CommitVerdict = 'plain' | 'unsigned' | 'stranger' | 'rewritten' | 'emptied';

/** A commit before it is made. */
export type Draft = { readonly verdict: CommitVerdict; readonly labs: { readonly [lab in LabName]: LabVersion } };

/** The probe of `alpha` has to reach its `red`; `beta` has none. */
export type LabName = 'alpha' | 'beta';
export const LABS: readonly LabName[] = ['alpha', 'beta'];

/** The link of another that is in the way of labs that are held. */
export const TAKEN = 'taken0';

const NO_LABS: Draft['labs'] = { alpha: { text: null, verdict: 'left' }, beta: { text: null, verdict: 'left' } };

const PLAIN = ['plain', 'plain', 'plain', 'plain', 'plain', 'plain'] as const;
const GOOD = ['good', 'good', 'good', 'good', 'kept'] as const;

/** The next commit after one with these labs. `hasGood`: of which labs something is applied. */
export function draftCommit(
  dice: Random,
  former: Draft['labs'] | null,
  { hasGood }: { readonly hasGood: ReadonlySet<LabName> },
): Draft {
  const rewritten = hasGood.size > 0 ? (['rewritten', 'rewritten'] as const) : [];
  const verdict = dice.one<CommitVerdict>([...PLAIN, 'unsigned', 'stranger', 'emptied', ...rewritten]);
  if (verdict === 'emptied') return { verdict, labs: NO_LABS };
  const labs = { alpha: version(dice, 'alpha'), beta: version(dice, 'beta') };
  return labs.alpha.text === null && labs.beta.text === null ? { verdict: 'emptied', labs } : { verdict, labs };

  function version(random: Random, lab: LabName): LabVersion {
    const own = lab === 'alpha' ? (['failing', 'failing'] as const) : (['held'] as const);
    const emptied = hasGood.has(lab) ? (['emptied'] as const) : [];
    const chosen = random.one<LabVerdict | 'kept'>([
      ...GOOD,
      'kept',
      'broken',
      'unreadable',
      'left',
      ...own,
      ...emptied,
    ]);
    const kept = chosen === 'kept' && former !== null && former[lab].verdict !== 'emptied';
    if (kept) return former[lab];
    const one = chosen === 'kept' ? 'good' : chosen;
    return { verdict: one, text: textOf(random, lab, one) };
  }
}

function textOf(dice: Random, lab: LabName, verdict: LabVerdict): string | null {
  const net = lab === 'alpha' ? '10.7.0' : '10.8.0';
  const red = verdict === 'failing' ? 11 : 10;
  const mtu = dice.often(40) ? `, mtu: ${1300 + dice.below(100)}` : '';
  const bridge = verdict === 'held' ? TAKEN : `lan-${lab}`;
  const more = dice.often(50) ? `  green-${lab}: { interfaces: { eth0: { bridge: ${bridge} } } }\n` : '';
  const sysctls = dice.often(40) ? ', sysctls: { net.ipv4.tcp_keepalive_time: 1234 }' : '';
  switch (verdict) {
    case 'left':
      return null;
    case 'emptied':
      return `version: 1\nname: ${lab}\n`;
    case 'unreadable':
      return `version: 1\nname: [ ${dice.below(1000)}\n`;
    case 'broken':
      return `version: 1\nname: ${lab}\nnamespaces: { red-${lab}: { interfaces: { eth0: { bridge: none${dice.below(100)} } } } }\n`;
    default:
      return `version: 1
name: ${lab}
bridges: { ${bridge}: { subnet: ${net}.0/24, address: ${net}.1 } }
namespaces:
  red-${lab}: { interfaces: { eth0: { bridge: ${bridge}, address: ${net}.${red}${mtu} } }${sysctls} }
  blue-${lab}: { interfaces: { eth0: { bridge: ${bridge}, address: ${net}.${20 + dice.below(100)} } } }
${more}`;
  }
}
