import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { RouteInstruction } from './types.ts';

/** What errors of adding, replacing and deleting a route mean. */
export const routeErrors = ({ route: { table, to, metric } }: RouteInstruction): ErrnoSentences => ({
  EEXIST: `table ${table} has a route to ${to} with metric ${metric} already`,
  ESRCH: `table ${table} has no such route to ${to}`,
  ENETUNREACH: 'the next hop cannot be reached',
  EHOSTUNREACH: 'the next hop cannot be reached',
  ENETDOWN: 'the link is down',
});
