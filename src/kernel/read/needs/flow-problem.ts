import { flowProblem } from '../../ovsdb/flows.ts';
import { findProgram } from '../../process/find-program.ts';
import { readEach } from '../need-reader.ts';

/** Has ovs-ofctl read flows; it changes nothing. */
export const flowProblemReader = readEach<'flow-problem'>(({ key }) => {
  const ovsOfctl = findProgram('ovs-ofctl');
  return ovsOfctl === null ? null : flowProblem(ovsOfctl, key);
});
