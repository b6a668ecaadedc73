import { defineInstructionFamily } from '../define-instruction-family.ts';
import { bridgeVlanErrors } from './errors.ts';
import { bridgeVlanEncoder } from './execute.ts';
import { bridgeVlanShell } from './shell.ts';

/** The VLANs of ports and of bridges. */
export const bridgeVlanInstructionFamily = defineInstructionFamily({
  name: 'bridge-vlan',
  netlink: bridgeVlanEncoder,
  errors: bridgeVlanErrors,
  shell: bridgeVlanShell,
});
