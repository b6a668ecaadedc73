import { readLatin1File } from '../../files/system-files.ts';
import { readEach } from '../need-reader.ts';

/** Reads files. */
export const fileReader = readEach<'file'>(({ key }) => readLatin1File(key));
