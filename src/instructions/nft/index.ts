import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeTables } from './execute.ts';
import { nftShell } from './shell.ts';

/** nftables tables. The library's own sentences say what is wrong. */
export const nftInstructionFamily = defineInstructionFamily({
  name: 'nft',
  after: executeTables,
  errors: () => ({}),
  shell: nftShell,
});
