import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { MacvlanOptions } from './options.ts';

/** Kinds that a parent can have beside each other. */
const MACVLANS = ['macvlan', 'macvtap'];

/** Kinds that take the frames of their parent (its rx_handler, which is one). */
const TAKERS = [...MACVLANS, 'ipvlan'];

/** Whether the parent can have macvlans, and this one beside the others that it has. */
export function checkMacvlanParent({ mode }: MacvlanOptions, context: LinkOptionsContext): boolean {
  const { phrase, lower } = context;
  if (lower === null) return true;
  if (!checkSharedParent(context, MACVLANS)) return false;
  const siblings = context.siblings.filter(({ kind }) => MACVLANS.includes(kind));
  const other = mode === 'passthru' ? siblings[0] : siblings.find(({ option }) => option('mode') === 'passthru');
  if (other) {
    const message = `${phrase} and ${other.phrase} share ${lower.name}, but passthru takes it for one alone`;
    return refuseParent(context, message, 'give one of them another parent, or another mode to all');
  }
  return true;
}

/** Whether the link below can have links that take its frames, of these kinds. */
export function checkSharedParent(context: LinkOptionsContext, kinds: readonly string[]): boolean {
  const { phrase, lower, siblings } = context;
  if (lower === null) return true;
  if (lower.isItself) return refuseParent(context, `${phrase} cannot be its own parent`, 'name the interface below it');
  if (lower.name === 'lo') return refuseParent(context, 'lo has no frames to share', 'name another interface');
  if (lower.kind !== null && kinds.includes(lower.kind)) {
    // The kernel would take that one's parent (`macvlan_common_newlink` in drivers/net/macvlan.c).
    return refuseParent(
      context,
      `the parent ${lower.name} is ${lower.kind === 'ipvlan' ? 'an' : 'a'} ${lower.kind} itself`,
      'write its parent here',
    );
  }
  if (lower.isPort) {
    const message = `the parent ${lower.name} is a port of a bridge, which takes all its frames`;
    return refuseParent(context, message, 'name the bridge, or an interface that is not a port');
  }
  const taker = siblings.find(({ kind }) => TAKERS.includes(kind) && !kinds.includes(kind));
  if (taker) {
    const message = `${phrase} and ${taker.phrase} share ${lower.name}, whose frames one kind of link alone can take`;
    return refuseParent(context, message, 'make both the same kind, or give one of them another parent');
  }
  return true;
}

function refuseParent(context: LinkOptionsContext, message: string, hint: string): false {
  context.report('bad-value', atValue(context.at('parent')), message, { hint });
  return false;
}
