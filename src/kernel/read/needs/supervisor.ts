import { findProgram } from '../../process/find-program.ts';
import { unitsProblem } from '../../process/units/units-problem.ts';
import { readEach } from '../need-reader.ts';

/** Finds out what starts programs of labs again on this machine. */
export const supervisorReader = readEach<'supervisor'>(() => {
  if (unitsProblem() === null) return 'systemd';
  return findProgram('runsv') === null ? null : 'runsv';
});
