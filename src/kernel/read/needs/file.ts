import { linkedFileReader } from '../../files/system-files.ts';
import type { NeedReader } from '../need-reader.ts';

/** Reads files; one with several names among them is read once. */
export const fileReader: NeedReader<'file'> = (needs) => {
  const read = linkedFileReader();
  return needs.map((need) => ({ need, answer: read(need.key) }));
};
