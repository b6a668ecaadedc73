import type { Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';

/** A view of a lab that several checks ask for, made when the first one does and kept as long as the lab. */
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
