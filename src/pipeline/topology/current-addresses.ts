import type { FilePlaces } from '../../model/files/file-places.ts';
import { secretId } from '../../model/ids.ts';
import type { Spec } from '../../model/json.ts';
import type { CurrentAddresses, Lab } from '../../model/lab.ts';
import { addedAddressesKey } from '../../model/lab-parts/added-addresses.ts';
import type { Machine } from '../../model/machine.ts';
import type { State } from '../../model/state.ts';
import type { Topology } from '../../model/topology.ts';
import { isName } from '../../net/name.ts';
import { elaborateTopology, elaborationQuery, recordedFeatureAddresses } from '../../registry/language.ts';
import { readBlob } from '../../store/blobs.ts';
import { readState } from '../../store/state.ts';
import type { Session } from '../session.ts';

/** A topology resolved with the addresses that the lab and the host have now, and with the files that it names; a renamed lab keeps its MACs. */
export function elaborateCurrent(session: Session, topology: Topology, places: FilePlaces): Lab {
  const { name } = topology;
  // A name that cannot be one is reported with the rest of the file's mistakes.
  const state = isName(name) ? readState(session.store, name) : null;
  const options = state?.macSeed === undefined ? {} : { macSeed: state.macSeed };
  const query = elaborationQuery(topology, places);
  return elaborateTopology(topology, currentAddresses(session, state), {
    ...options,
    ...(query.length === 0 ? {} : { live: session.machine.read(query) }),
    secretOf: recordedSecrets(session, state),
    places,
  });
}

/** The bytes of the secrets that a lab's state records, so that a key that was made here stays the same. */
function recordedSecrets({ store }: Session, state: State | null): (netns: string, path: string) => string | null {
  const digests = new Map(state?.resources.map(({ id, spec }) => [id, spec['sha']]));
  return (netns, path) => {
    const sha = digests.get(secretId(netns, path));
    return typeof sha === 'string' && state ? readBlob(store, state.lab, sha) : null;
  };
}

/**
 * The addresses that exist already: those that a lab's state records, so that automatic addresses stay the same, and those
 * of the host's links, so that next hops on the host are found.
 */
function currentAddresses({ machine }: Session, state: State | null): CurrentAddresses {
  const resources = state?.resources ?? [];
  const recorded = resources.flatMap(({ netns, spec, before }) => {
    const prefixes = specPrefixes(spec);
    const key = `${netns}/${spec['dev']}`;
    const former = before === null ? [] : (specPrefixes(before) ?? []);
    const added = (prefixes ?? []).filter((one) => netns === 'host' && !former.includes(one));
    const own =
      prefixes === null
        ? []
        : [
            { key, prefixes },
            { key: addedAddressesKey(key), prefixes: added },
          ];
    return [...own, ...recordedFeatureAddresses(spec)];
  });
  const sticky: Record<string, readonly string[]> = { 'host/lo': [] };
  for (const { key, prefixes } of [...recorded, ...hostAddresses(machine)]) {
    sticky[key] = [...new Set([...(sticky[key] ?? []), ...prefixes])];
  }
  return sticky;
}

function specPrefixes({ dev, prefixes }: Spec): readonly string[] | null {
  if (typeof dev !== 'string' || !Array.isArray(prefixes)) return null;
  return prefixes.filter((prefix) => typeof prefix === 'string');
}

function hostAddresses(machine: Machine) {
  const need = { need: 'addresses', netns: 'host' } as const;
  return (machine.read([need]).get(need) ?? []).map(({ dev, prefix }) => ({ key: `host/${dev}`, prefixes: [prefix] }));
}
