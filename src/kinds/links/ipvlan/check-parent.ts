import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { checkSharedParent } from '../macvlan/check-parent.ts';
import type { IpvlanOptions } from './options.ts';

/** Whether the parent can have ipvlans, and all that it has are of one mode: it is the parent's. */
export function checkIpvlanParent(options: IpvlanOptions, context: LinkOptionsContext): boolean {
  const { phrase, lower, siblings } = context;
  if (lower === null) return true;
  if (!checkSharedParent(context, ['ipvlan'])) return false;
  for (const field of ['mode', 'flag'] as const) {
    const other = siblings.find(({ kind, option }) => kind === 'ipvlan' && option(field) !== options[field]);
    if (!other) continue;
    const both = `${options[field]} and ${String(other.option(field))}`;
    const message = `${phrase} and ${other.phrase} share ${lower.name}, whose ${field} all links on it have, but say ${both}`;
    context.report('bad-value', atValue(context.at(field)), message, { hint: `write the same ${field} at both` });
    return false;
  }
  return true;
}
