import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { BondOptions } from './options.ts';

/** The modes that have an option; the kernel refuses it in the others (drivers/net/bonding/bond_options.c). */
const MODES: { readonly [option: string]: readonly string[] } = {
  primary: ['active-backup', 'balance-tlb', 'balance-alb'],
  xmitHashPolicy: ['balance-xor', '802.3ad', 'balance-tlb'],
  lacpRate: ['802.3ad'],
  minLinks: ['802.3ad'],
};

/** Whether the options go with the mode, and the primary is a port. */
export function checkBond({ mode, primary }: BondOptions, context: LinkOptionsContext): boolean {
  const { phrase, report, at } = context;
  const wrong = Object.keys(MODES).find((option) => context.isWritten(option) && !MODES[option]?.includes(mode));
  if (wrong !== undefined) {
    const message = `${phrase} has ${wrong}, which mode ${mode} does not have`;
    const hint = `leave it out, or write mode: ${MODES[wrong]?.join(' or ')}`;
    report('bad-value', atValue(at(wrong)), message, { hint });
    return false;
  }
  if (primary === null || context.ports.includes(primary)) return true;
  const message = `the primary ${primary} is not a port of ${phrase}`;
  const hint = context.ports.length > 0 ? `write one of ${context.ports.join(', ')}` : 'name it under ports, too';
  report('bad-value', atValue(at('primary')), message, { hint });
  return false;
}
