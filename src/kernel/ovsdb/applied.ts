import { catchErrno, sysError } from '../errno.ts';
import { sleep } from '../sleep.ts';
import { ROOT, select } from './read.ts';
import { transact } from './rpc.ts';
import { valuesOf } from './values.ts';

const APPLY_TIMEOUT_MS = 5000;
const POLL_MS = 5;

/** Whether a switch has made the last configuration of its database. */
export function isOvsApplied(socket: string): boolean {
  const rows = catchErrno(['ENOENT', 'ECONNREFUSED'], () => transact(socket, [select(ROOT, ['cur_cfg', 'next_cfg'])]));
  const root = rows?.[0]?.[0];
  return root !== undefined && Number(root['cur_cfg']) >= Number(root['next_cfg']) && Number(root['next_cfg']) > 0;
}

/** The switch says which configuration it has made (ovs-vswitchd.conf.db(5), cur_cfg), and what it could not open. */
export function awaitApplied(socket: string, wanted: number, names: readonly string[]): void {
  const deadline = Date.now() + APPLY_TIMEOUT_MS;
  for (;;) {
    const [[root] = [], interfaces = []] = transact(socket, [
      select(ROOT, ['cur_cfg']),
      select('Interface', ['name', 'error']),
    ]);
    if (Number(root?.['cur_cfg'] ?? 0) >= wanted) {
      const failed = interfaces.find((row) => names.includes(String(row['name'])) && valuesOf(row['error']).length > 0);
      if (!failed) return;
      throw sysError('EIO', `Open vSwitch could not add ${failed['name']}: ${valuesOf(failed['error']).join(' ')}`);
    }
    if (Date.now() > deadline) throw sysError('ETIMEDOUT', 'Open vSwitch did not make the change in time');
    sleep(POLL_MS);
  }
}
