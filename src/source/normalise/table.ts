import { problem } from '../../model/diagnostic.ts';
import { integer, type Node, onValue, type Report, text } from '../node.ts';

/** RT_TABLE_MAIN of linux/rtnetlink.h. */
export const MAIN = 254;
const TABLES: { readonly [name: string]: number } = { main: MAIN, default: 253, local: 255 };

/** A routing table by number, or one of the three that have a name. */
export function readTable(node: Node, report: Report): number | null {
  if (typeof node.value === 'number') return integer(node);
  const written = text(node);
  if (written === null) return null;
  const known = Object.hasOwn(TABLES, written) ? TABLES[written] : undefined;
  if (known !== undefined) return known;
  const message = `there is no routing table ${JSON.stringify(written)}`;
  report(problem('bad-value', onValue(node), message, { hint: 'write a number, or main, default or local' }));
  return null;
}
