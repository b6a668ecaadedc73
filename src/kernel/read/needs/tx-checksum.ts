import { catchErrno } from '../../errno.ts';
import { readsTxChecksum } from '../../netns/tx-checksum.ts';
import { readInNetns } from '../need-reader.ts';

/** Asks links whether they leave checksums to their device. */
export const txChecksumReader = readInNetns<'tx-checksum'>((session, _context, { key }) =>
  catchErrno(['ENODEV', 'EOPNOTSUPP'], () => readsTxChecksum(session.socket, key)),
);
