import { catchErrno } from '../../errno.ts';
import { readOvs } from '../../ovsdb/read.ts';
import { readEach } from '../need-reader.ts';

/** Asks the databases of private Open vSwitches; no answer where none is running. */
export const openVswitchReader = readEach<'open-vswitch'>(({ key }) =>
  catchErrno(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'], () => readOvs(key)),
);
