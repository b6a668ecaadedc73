import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { MoveOptions } from './options.ts';

/** Whether the NIC is one of the machine that nothing else of the file is about. */
export function checkNic({ from }: MoveOptions, context: LinkOptionsContext): boolean {
  const { lower, phrase, siblings, at, report } = context;
  const refuse = (message: string, hint: string): boolean => {
    report('bad-value', atValue(at('from')), message, { hint });
    return false;
  };
  if (!from.startsWith('host:'))
    return refuse(`${from} is not a NIC of the machine`, `write "host:${from}", at an interface of a namespace`);
  if (lower?.isDeclared) {
    const message = `${lower.name} is a link that the file declares for the machine, and ${phrase} moves it away`;
    return refuse(message, 'leave out one of the two');
  }
  const [sibling] = siblings;
  if (!sibling) return true;
  const hint = 'a NIC that is moved has only one place; leave out one of the two';
  return refuse(`${sibling.phrase} needs ${from}, and ${phrase} moves it away`, hint);
}
