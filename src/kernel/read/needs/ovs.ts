import { catchErrno } from '../../errno.ts';
import { readOvs } from '../../ovsdb/read.ts';
import { readEach } from '../need-reader.ts';

/** Asks the databases of private Open vSwitches; no answer where none is running. */
export const ovsReader = readEach<'ovs'>(({ key }) =>
  catchErrno(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'], () => readOvs(key)),
);
