import type { Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';

/** Memoizes a function of a lab for as long as the lab object lives. */
export function memoizePerLab<T>(make: (lab: Lab, topology: Topology) => T): (topology: Topology, lab: Lab) => T {
  const made = new WeakMap<Lab, { readonly view: T }>();
  return (topology, lab) => {
    const present = made.get(lab);
    if (present) return present.view;
    const view = make(lab, topology);
    made.set(lab, { view });
    return view;
  };
}
