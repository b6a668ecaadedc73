import { defineInstructionFamily } from '../define-instruction-family.ts';
import { routeErrors } from './errors.ts';
import { routeEncoder } from './execute.ts';
import { routeShell } from './shell.ts';

/** Routes. */
export const routeInstructionFamily = defineInstructionFamily({
  name: 'route',
  netlink: routeEncoder,
  errors: routeErrors,
  shell: routeShell,
});
