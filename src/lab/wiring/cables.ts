import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyCable, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { didYouMeanHint, formatRef } from '../messages.ts';
import type { LabModelInput, ModelLink } from '../model.ts';

/** Cables that can be made, and every interface that a cable names (also one that cannot be made). */
export type CableResolution = {
  readonly cables: readonly TopologyCable[];
  /** By `<namespace>/<interface>`: where a cable names it. */
  readonly ends: ReadonlyMap<string, Path>;
};

/** Checks the ends of all cables: declared, of two different interfaces, and each interface in one cable only. */
export function resolveCables(source: LabModelInput, bridges: ReadonlyMap<string, ModelLink>): CableResolution {
  const { topology, report } = source;
  const ends = new Map<string, Path>();
  const known = new Set(['host', ...topology.namespaces.map((netns) => netns.name)]);
  const cables = topology.cables.filter((cable) => {
    const sound = cable.ends.map((end) => checkCableEnd(end, { source, bridges, known }));
    const free = cable.ends.map((end) => claimCableEnd(ends, end, source));
    if (!sound.every(Boolean) || !free.every(Boolean)) return false;
    return true;
  });
  const existing = topology.host.interfaces.filter(({ name, existing }) => existing && ends.has(`host/${name}`));
  for (const { name, at } of existing) {
    report(
      makeDiagnostic('cable-conflict', atKey(at), `${name} is a link that the machine has; a cable creates its own`, {
        hint: 'leave out `existing: true`, or give the cable another end',
      }),
    );
  }
  const taken = new Set(existing.map(({ name }) => `host/${name}`));
  return { cables: cables.filter((cable) => !cable.ends.some((end) => taken.has(endKey(end.value)))), ends };
}

const endKey = (ref: TopologyRef): string => `${ref.name}/${ref.part ?? ''}`;

type CableContext = {
  readonly source: LabModelInput;
  readonly bridges: ReadonlyMap<string, ModelLink>;
  readonly known: ReadonlySet<string>;
};

function checkCableEnd(end: TopologyValue<TopologyRef>, { source, bridges, known }: CableContext): boolean {
  const { name, part } = end.value;
  const say = (message: string, hint: string): boolean => {
    source.report(makeDiagnostic('cable-conflict', atValue(end.at), message, { hint }));
    return false;
  };
  const bridge = bridges.get(part === null ? `host/${name}` : `${name}/${part}`);
  if (bridge) {
    const words = formatRef(end.value);
    return say(`${words} is a bridge; a cable ends at interfaces`, `write \`bridge: "${words}"\` at the interface`);
  }
  if (!known.has(name)) {
    const hint = didYouMeanHint(name, [...known], 'namespaces');
    source.report(makeDiagnostic('undeclared-end', atValue(end.at), `there is no namespace ${name}`, { hint }));
    return false;
  }
  if (part === null) return say(`${name} names no interface`, `write ${name}:eth0`);
  return part !== 'lo' || say('lo cannot be an end of a cable', `write ${name}:eth0`);
}

function claimCableEnd(ends: Map<string, Path>, end: TopologyValue<TopologyRef>, source: LabModelInput): boolean {
  if (end.value.part === null) return false;
  const key = endKey(end.value);
  const before = ends.get(key);
  if (!before) {
    ends.set(key, end.at);
    return true;
  }
  source.report(
    makeDiagnostic('cable-conflict', atValue(end.at), `${formatRef(end.value)} is already an end of a cable`, {
      related: [{ at: atValue(before), message: 'first used here' }],
      hint: 'an interface has one cable; name another interface',
    }),
  );
  return false;
}

/** The entry of `undeclared-end` in docs/checks.md. */
export const undeclaredEndDoc: CheckDoc = {
  name: 'undeclared-end',
  code: 'NF2005',
  title: 'Cable to an undeclared namespace',
  explain: 'One end of a cable names a namespace that the file does not declare.',
  bad: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
  good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
};

/** The entry of `cable-conflict` in docs/checks.md. */
export const cableConflictDoc: CheckDoc = {
  name: 'cable-conflict',
  code: 'NF2007',
  title: 'Conflicting cables',
  explain:
    'An interface has two cables, or a cable and a bridge outside its namespace, or has a kind of its own beside a cable, or one end is not an interface. A cable connects two different interfaces.',
  bad: `
namespaces: { a: {}, b: {}, c: {} }
links: [ "a:eth0 -- b:eth0", "a:eth0 -- c:eth0" ]
`,
  good: `
namespaces: { a: {}, b: {}, c: {} }
links: [ "a:eth0 -- b:eth0", "a:eth1 -- c:eth0" ]
`,
};
