import { problem } from '../model/diagnostic.ts';
import { atKey, atValue, type Path } from '../model/place.ts';
import type { At, Cable, Ref } from '../model/topology.ts';
import { meantHint, refWords } from './words.ts';
import type { Link, Source } from './world.ts';

/** Cables that can be made, and every interface that a cable names (also one that cannot be made). */
export type Cables = {
  readonly cables: readonly Cable[];
  /** By `<namespace>/<interface>`: where a cable names it. */
  readonly ends: ReadonlyMap<string, Path>;
};

/** Checks the ends of all cables: declared, of two different interfaces, and each interface in one cable only. */
export function cablesOf(source: Source, bridges: ReadonlyMap<string, Link>): Cables {
  const { topology, report } = source;
  const ends = new Map<string, Path>();
  const known = new Set(['host', ...topology.namespaces.map((netns) => netns.name)]);
  const cables = topology.cables.filter((cable) => {
    const sound = cable.ends.map((end) => isEnd(end, { source, bridges, known }));
    const free = cable.ends.map((end) => take(ends, end, source));
    if (!sound.every(Boolean) || !free.every(Boolean)) return false;
    return true;
  });
  const existing = topology.host.interfaces.filter(({ name, existing }) => existing && ends.has(`host/${name}`));
  for (const { name, at } of existing) {
    report(
      problem('cable-conflict', atKey(at), `${name} is a link that the machine has; a cable makes its own`, {
        hint: 'leave out `existing: true`, or give the cable another end',
      }),
    );
  }
  const taken = new Set(existing.map(({ name }) => `host/${name}`));
  return { cables: cables.filter((cable) => !cable.ends.some((end) => taken.has(endKey(end.value)))), ends };
}

const endKey = (ref: Ref): string => `${ref.name}/${ref.part ?? ''}`;

type Ground = {
  readonly source: Source;
  readonly bridges: ReadonlyMap<string, Link>;
  readonly known: ReadonlySet<string>;
};

function isEnd(end: At<Ref>, { source, bridges, known }: Ground): boolean {
  const { name, part } = end.value;
  const say = (message: string, hint: string): boolean => {
    source.report(problem('cable-conflict', atValue(end.at), message, { hint }));
    return false;
  };
  const bridge = bridges.get(part === null ? `host/${name}` : `${name}/${part}`);
  if (bridge) {
    const words = refWords(end.value);
    return say(`${words} is a bridge; a cable ends at interfaces`, `write \`bridge: "${words}"\` at the interface`);
  }
  if (!known.has(name)) {
    const hint = meantHint(name, [...known], 'namespaces');
    source.report(problem('undeclared-end', atValue(end.at), `no namespace is called ${name}`, { hint }));
    return false;
  }
  if (part === null) return say(`${name} names no interface`, `write ${name}:eth0`);
  return part !== 'lo' || say('lo cannot be an end of a cable', `write ${name}:eth0`);
}

function take(ends: Map<string, Path>, end: At<Ref>, source: Source): boolean {
  if (end.value.part === null) return false;
  const key = endKey(end.value);
  const before = ends.get(key);
  if (!before) {
    ends.set(key, end.at);
    return true;
  }
  source.report(
    problem('cable-conflict', atValue(end.at), `${refWords(end.value)} is already an end of a cable`, {
      related: [{ at: atValue(before), message: 'first used here' }],
      hint: 'an interface has one cable; name another interface',
    }),
  );
  return false;
}
