import type { CheckName } from '../../model/diagnostics/check-codes.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { propertiesOf, schemaPlace } from './schema-place.ts';
import { valueAt } from './value-at.ts';

/** Whether a path leads to one of these places, or into it. */
export function createPathMatcher(outer: readonly Path[]): (path: Path) => boolean {
  const places = new Set(outer.map((path) => JSON.stringify(path)));
  return (path) => pathPrefixes(path).some((prefix) => places.has(prefix));
}

/** The path and all that it leads through, as text. */
export const pathPrefixes = (path: Path): readonly string[] =>
  Array.from({ length: path.length + 1 }, (_, length) => JSON.stringify(path.slice(0, length)));

/**
 * Whether what is said about a lab may follow from parts of the file that are refused already: it is about one of these
 * places, or about a name whose meaning depends on one. `written` is the file, `root` the file as it was meant.
 */
export function createConsequenceFilter(
  { root, written }: { readonly root: Json; readonly written: Json },
  refused: readonly Path[],
): (problem: Diagnostic) => boolean {
  const refusedAt = createPathMatcher(refused);
  const around = new Set(refused.flatMap(pathPrefixes));
  const isAllUnsure = refused.some(
    (path) => path.length === 0 || (path.length === 1 && holdsNames(written, String(path[0]))),
  );
  const unsure = unsureNames({ root, written }, refused);
  const isAnyEndUnsure = refused.some(
    (path) => path[0] === 'links' && cableEnds(root, valueAt(written, path.slice(0, 2)), path).length === 0,
  );
  return ({ at, message, check }) => {
    if (CLASHES.has(check)) return false;
    if (isAllUnsure || (isAnyEndUnsure && check === 'unwired-interface')) return true;
    if (at && 'path' in at) {
      if (refusedAt(at.path) || around.has(JSON.stringify(at.path))) return true;
      if (isNeededElsewhere(check, at.path, refused)) return true;
    }
    return wordsOf(message).some((word) => unsure.has(word));
  };
}

/** Whether what a value needs may be in a part of the same namespace that is refused: its bridges, its other routes. */
function isNeededElsewhere(check: CheckName, path: Path, refused: readonly Path[]): boolean {
  const owner = path.slice(0, path[0] === 'namespaces' ? 2 : 0);
  const isOfOwner = (other: Path) => owner.every((step, i) => other[i] === step);
  const section = owner.length;
  if (check === 'next-hop-off-link') return refused.some((other) => isOfOwner(other) && other[section] === 'routes');
  if (check !== 'unknown-bridge' || section === 0) return false;
  const known = ['interfaces', 'routes', 'rules', 'neighbours', 'forwarding', 'sysctls'];
  return refused.some(
    (other) => isOfOwner(other) && other.length <= section + 1 && !known.includes(String(other[section])),
  );
}

/** Two things that are both written: whatever else is wrong, they stay in each other's way. */
const CLASHES: ReadonlySet<CheckName> = new Set([
  'duplicate-address',
  'duplicate-mac',
  'duplicate-name',
  'overlapping-subnets',
  'port-claimed-twice',
]);

/** The sections whose entries others refer to by name. */
const NAMED_SECTIONS: ReadonlySet<string> = new Set(['vars', 'bridges', 'subnets', 'namespaces', 'links']);

/** Whether a section that is refused as a whole may hold what other sections refer to. */
function holdsNames(written: Json, section: string): boolean {
  if (NAMED_SECTIONS.has(section)) return true;
  const place = schemaPlace([]);
  const isKnown = place !== null && Object.hasOwn(propertiesOf(place.schema), section);
  return !isKnown && isJsonObject(written) && typeof written[section] === 'object';
}

/** The namespaces, bridges and subnets whose addresses or wiring depend on a refused place. */
function unsureNames(
  { root, written }: { readonly root: Json; readonly written: Json },
  refused: readonly Path[],
): ReadonlySet<string> {
  const names = new Set(
    refused.flatMap((path) => [...namesOnWay(path), ...cableEnds(root, valueAt(written, path.slice(0, 2)), path)]),
  );
  for (const [netns, bridges] of bridgesByNamespace(root))
    if (bridges.some((name) => names.has(name))) names.add(netns);
  for (const ends of namespacesByCable(root))
    if (ends.some((end) => names.has(end))) for (const end of ends) names.add(end);
  return names;
}

function namesOnWay(path: Path): readonly string[] {
  const [section, name, inner, deeper] = path.map(String);
  if (section === 'host') return inner === undefined || inner === 'interfaces' ? ['host'] : [];
  if (name === undefined || !NAMED_SECTIONS.has(section ?? '')) return [];
  const place = inner === undefined ? null : schemaPlace(path.slice(0, 3));
  const isWiring = inner === undefined || place === null || inner === 'interfaces' || inner === 'bridges';
  return section !== 'namespaces' || isWiring ? [name, ...(inner === 'bridges' && deeper ? [deeper] : [])] : [];
}

/** The namespaces that a cable with a mistake mentions, as it is written. */
const cableEnds = (root: Json, cable: Json | undefined, [section]: Path): readonly string[] =>
  section === 'links' && cable !== undefined ? netnsNames(root, cable) : [];

/** The bridges that the interfaces of each namespace are plugged into. */
function bridgesByNamespace(root: Json): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(mapAt(root, ['namespaces'])).map(([netns, own]) => {
    const interfaces = Object.values(mapAt(own, ['interfaces']));
    return [
      netns,
      interfaces.flatMap((one) => (isJsonObject(one) ? wordsOf(String(one['bridge'] ?? '')) : [])),
    ] as const;
  });
}

/** The namespaces at the ends of each cable. */
function namespacesByCable(root: Json): readonly (readonly string[])[] {
  const links = valueAt(root, ['links']);
  return Array.isArray(links) ? links.map((link: Json) => netnsNames(root, link)) : [];
}

/** The namespaces that a value mentions. */
const netnsNames = (root: Json, value: Json): readonly string[] =>
  wordsOf(JSON.stringify(value)).filter((word) => Object.hasOwn(mapAt(root, ['namespaces']), word));

function mapAt(root: Json, path: Path): Spec {
  const value = valueAt(root, path);
  return isJsonObject(value) ? value : {};
}

/** The words of a text that may be names. */
const wordsOf = (text: string): readonly string[] => text.split(/[^\w.-]+|--/).filter((word) => word !== '');
