import { catchErrno } from '../../errno.ts';
import { readFlows } from '../../ovsdb/flows.ts';
import { findProgram } from '../../process/find-program.ts';
import { readEach } from '../need-reader.ts';

/** Asks switches for their flows, by ovs-ofctl. */
export const openFlowsReader = readEach<'open-flows'>((need) => {
  const ovsOfctl = findProgram('ovs-ofctl');
  if (ovsOfctl === null) return null;
  return catchErrno(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'], () => readFlows(ovsOfctl, need)) ?? null;
});
