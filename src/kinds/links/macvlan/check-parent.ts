import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LinkOptionsContext } from '../../../model/link-kind.ts';
import type { MacvlanOptions } from './options.ts';

/** Whether the parent can have macvlans, and this one beside the others that it has. */
export function checkMacvlanParent({ mode }: MacvlanOptions, context: LinkOptionsContext): boolean {
  const { phrase, lower, siblings } = context;
  const refuse = (field: string, message: string, hint: string): boolean => {
    context.report('bad-value', atValue(context.at(field)), message, { hint });
    return false;
  };
  if (lower === null) return true;
  if (lower.isItself) return refuse('parent', `${phrase} cannot be its own parent`, 'name the interface below it');
  if (lower.name === 'lo') return refuse('parent', 'lo has no frames to share', 'name another interface');
  if (lower.kind === 'macvlan') {
    // The kernel would take that one's parent (`macvlan_common_newlink` in drivers/net/macvlan.c).
    return refuse('parent', `the parent ${lower.name} is a macvlan itself`, 'write its parent here');
  }
  if (lower.isPort) {
    const message = `the parent ${lower.name} is a port of a bridge, which takes all its frames`;
    return refuse('parent', message, 'name the bridge, or an interface that is not a port');
  }
  const other = mode === 'passthru' ? siblings[0] : siblings.find(({ written }) => written('mode') === 'passthru');
  if (other) {
    const message = `${phrase} and ${other.phrase} share ${lower.name}, but passthru takes it for one alone`;
    return refuse('parent', message, 'give one of them another parent, or another mode to all');
  }
  return true;
}
