import type { LabConflist } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';

/** Where container runtimes look for network configurations. */
const CONFLIST_DIRECTORY = '/etc/cni/net.d';

/** Every entry under `cni` with its file: `10-<name>.conflist` in the configuration folder, or `file`. */
export function resolveConflists(topology: Topology): readonly LabConflist[] {
  return topology.conflists.map(({ name, file, content, at }) => {
    const written = file?.value ?? `10-${name}.conflist`;
    return { name, path: written.startsWith('/') ? written : `${CONFLIST_DIRECTORY}/${written}`, content, at };
  });
}
