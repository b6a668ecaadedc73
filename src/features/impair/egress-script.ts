import { linkLiteral, markLiteral } from '../../kinds/nft/literals.ts';
import { invariant } from '../../model/error.ts';
import { nftTable } from '../../model/ids.ts';
import type { Impairment } from '../../model/kernel/impairment.ts';

/** The table of one link: a table is one transaction, and goes and comes with its link. Names of labs have no slash. */
export const egressTable = (lab: string, dev: string): string => `${nftTable(lab)}/${dev}`;

/** The rules of the egress hook, as nft lists them. A duplicate passes them as another packet. */
export const egressRules = (dev: string, { duplicate, loss }: Pick<Impairment, 'duplicate' | 'loss'>) => [
  ...(duplicate > 0 ? [`${chanceOf(duplicate)}dup to ${linkLiteral(dev)}`] : []),
  ...(loss > 0 ? [`${chanceOf(loss)}drop`] : []),
];

/** nft refuses a comparison that is always true. */
const chanceOf = (millionths: number): string =>
  millionths === ALL ? '' : `numgen random mod ${ALL} < ${countLiteral(millionths)} `;

const ALL = 1_000_000;

/** The whole table as a script, with the mark of the lab. */
export function egressScript(
  table: string,
  dev: string,
  { mark, rules }: { readonly mark: string; readonly rules: readonly string[] },
): string {
  invariant(/^netform_[A-Za-z0-9_./-]{1,240}$/.test(table), `${JSON.stringify(table)} cannot be the name of our table`);
  const hook = `type filter hook egress device ${linkLiteral(dev)} priority 0; policy accept;`;
  return [
    `table netdev ${table} {`,
    '\tset marker {',
    '\t\ttype ipv4_addr',
    `\t\tcomment ${markLiteral(mark)}`,
    '\t}',
    '\tchain egress {',
    ...[hook, ...rules].map((line) => `\t\t${line}`),
    '\t}',
    '}',
    '',
  ].join('\n');
}

/** What the rules of a chain do; null: there are others. */
export function readEgressRules(dev: string, rules: readonly string[]): Pick<Impairment, 'duplicate' | 'loss'> | null {
  const chance = (action: 'dup to' | 'drop'): number => {
    const rule = rules.find((one) => one.includes(action));
    return rule === undefined ? 0 : Number(/^numgen random mod 1000000 < (\d+) /.exec(rule)?.[1] ?? ALL);
  };
  const found = { duplicate: chance('dup to'), loss: chance('drop') };
  return egressRules(dev, found).join('\n') === rules.join('\n') ? found : null;
}

function countLiteral(millionths: number): string {
  invariant(Number.isInteger(millionths) && millionths > 0 && millionths < ALL, `${millionths} cannot be a chance`);
  return String(millionths);
}
