import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { TopologyValue, TopologyVlanRef } from '../../../model/topology.ts';
import { isName } from '../../../net/name.ts';
import { LAST_VLAN } from '../../../net/vlan.ts';
import { type SourceCursor, type SourceDiagnosticReporter, valueOfCursor, withPath } from '../../cursor.ts';
import { quoteText } from '../address-errors.ts';

/** A VLAN by name or number; `ranges`: `20-29` too. Null: nothing is written, or it was reported. */
export function readVlanRef(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  ranges: 'allowed' | 'refused',
): TopologyValue<TopologyVlanRef> | null {
  const { value } = node;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const written = String(value);
  const match = /^(\d{1,9})(?:\s*-\s*(\d{1,9}))?$/.exec(written);
  if (!match)
    return isName(written) ? { value: { name: written }, at: node.path } : refuse(node, report, notVlan(written));
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (match[2] !== undefined && ranges === 'refused')
    return refuse(node, report, { message: `${written} are several VLANs`, hint: 'write one VLAN, or `trunk`' });
  const outside = [first, last].find((id) => id < 1 || id > LAST_VLAN);
  if (outside !== undefined) return refuse(node, report, outsideRange(outside));
  if (first > last)
    return refuse(node, report, {
      message: `the range ${written} ends before it begins`,
      hint: `write ${last}-${first}`,
    });
  return { value: { first, last }, at: node.path };
}

/** The number of a VLAN. */
export function readVlanId(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<number> | null {
  const { value } = node;
  if (typeof value !== 'number') return null;
  return value >= 1 && value <= LAST_VLAN ? withPath(node, value) : refuse(node, report, outsideRange(value));
}

type VlanMistake = { readonly message: string; readonly hint: string };

const outsideRange = (id: number): VlanMistake => ({
  message: `there is no VLAN ${id}`,
  hint: `write a number from 1 to ${LAST_VLAN}: 0 means no VLAN, and 4095 is reserved`,
});

const notVlan = (written: string): VlanMistake => ({
  message: `${quoteText(written)} is not a VLAN`,
  hint: 'write the name of a VLAN of the bridge, a number such as 10, or in a trunk a range such as 20-29',
});

function refuse(node: SourceCursor, report: SourceDiagnosticReporter, { message, hint }: VlanMistake): null {
  report(makeDiagnostic('bad-vlan', valueOfCursor(node), message, { hint }));
  return null;
}

/** The entry of `bad-vlan` in docs/checks.md. */
export const badVlanDoc: CheckDoc = {
  name: 'bad-vlan',
  code: 'NF1018',
  title: 'Invalid VLAN',
  explain:
    'VLANs have numbers from 1 to 4094. A port names them by number or by the name that its bridge gives them; a trunk may have ranges, from the lower to the higher number.',
  bad: `
bridges: { lan: { vlans: { red: 4095 } } }
`,
  good: `
bridges: { lan: { vlans: { red: 4094 } } }
`,
};
