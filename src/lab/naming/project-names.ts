import type { Topology, TopologyRef } from '../../model/topology.ts';
import { projectOf } from '../selectors/select.ts';

/** The namespace that a name with a project means, `web` of `web.apps`; a name of a namespace means that one. */
export function withoutProject(topology: Topology, ref: TopologyRef): TopologyRef {
  const dot = ref.name.lastIndexOf('.');
  if (dot < 0) return ref;
  const [name, project] = [ref.name.slice(0, dot), ref.name.slice(dot + 1)];
  let found = false;
  for (const one of topology.namespaces) {
    if (one.name === ref.name) return ref;
    found ||= one.name === name && projectOf(one) === project;
  }
  return found ? { ...ref, name } : ref;
}
