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

/** What a project calls something of its own: `web` where it is written `web.apps`, because another project has a `web`. */
export const nameInProject = (name: string, project: string): string =>
  name.endsWith(`.${project}`) ? name.slice(0, -(project.length + 1)) : name;

/** What other projects call it: `web.apps`. */
export const nameElsewhere = (name: string, project: string): string =>
  name.endsWith(`.${project}`) ? name : `${name}.${project}`;
