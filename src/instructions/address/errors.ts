import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { AddressInstruction } from './types.ts';

/** What errors of adding, deleting and marking an address mean. */
export function addressErrors({ do: verb, dev, prefix }: AddressInstruction): ErrnoSentences {
  if (verb === 'address.add') return { EEXIST: `${dev} has ${prefix} already` };
  const absent = `${dev} does not have ${prefix}`;
  return verb === 'address.delete' ? { EADDRNOTAVAIL: absent } : { ENOENT: absent };
}
