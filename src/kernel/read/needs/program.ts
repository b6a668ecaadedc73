import { findProgram } from '../../process/find-program.ts';
import { readEach } from '../need-reader.ts';

/** Looks for programs in the folders in which they are started from. */
export const programReader = readEach<'program'>(({ key }) => findProgram(key));
