import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { formatFlowStyle } from './flow-style.ts';

/** A value, and what was wrong with it. */
export type CorrectedValue = { readonly value: Json; readonly diagnostics: readonly Diagnostic[] };

/** Takes the name of a bridge for the bridge where an interface has it in the place of its address: `eth0: lan`. */
export function plugNamedBridges(root: Json): CorrectedValue {
  if (!isJsonObject(root)) return { value: root, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const shared = Object.keys(mapAt(root, 'bridges'));
  const plug = (netns: Json, path: Path): Json => {
    if (!isJsonObject(netns) || !isJsonObject(netns['interfaces'])) return netns;
    const bridges = path[0] === 'host' ? shared : [...Object.keys(mapAt(netns, 'bridges')), ...shared];
    const interfaces = Object.entries(netns['interfaces']).map(([name, one]) => {
      const found = plugInterface(one, { bridges, path: [...path, 'interfaces', name] });
      if (found) diagnostics.push(found.diagnostic);
      return [name, found?.value ?? one] as const;
    });
    return { ...netns, interfaces: Object.fromEntries(interfaces) };
  };
  const namespaces = Object.entries(mapAt(root, 'namespaces')).map(
    ([name, netns]) => [name, plug(netns, ['namespaces', name])] as const,
  );
  const value = {
    ...root,
    ...(root['host'] === undefined ? {} : { host: plug(root['host'], ['host']) }),
    ...(isJsonObject(root['namespaces']) ? { namespaces: Object.fromEntries(namespaces) } : {}),
  };
  return diagnostics.length === 0 ? { value: root, diagnostics } : { value, diagnostics };
}

const mapAt = (map: Spec, key: string): Spec => (isJsonObject(map[key]) ? map[key] : {});

function plugInterface(
  written: Json,
  { bridges, path }: { readonly bridges: readonly string[]; readonly path: Path },
): { readonly value: Json; readonly diagnostic: Diagnostic } | null {
  const long = isJsonObject(written);
  const name = long ? written['address'] : written;
  if (typeof name !== 'string' || (long && written['bridge'] !== undefined) || !/^[A-Za-z][\w.-]*$/.test(name))
    return null;
  if (NO_BRIDGES.has(name)) return null;
  const meant = bridges.includes(name) ? name : closestMatch(name, bridges);
  if (meant === null) return null;
  const { address: _, ...others } = long ? written : {};
  const value = { bridge: meant, ...others };
  const is =
    meant === name ? `${name} is a bridge, not an address` : `${name} is not an address; there is a bridge ${meant}`;
  const place = atValue(long ? [...path, 'address'] : path);
  const hint = `write ${path.at(-1)}: ${formatFlowStyle(value)}`;
  return { value, diagnostic: makeDiagnostic('bad-address', place, is, { hint }) };
}

/** Words that stand for an address or for none. */
const NO_BRIDGES: ReadonlySet<string> = new Set(['none', 'auto', 'dhcp', 'automatic']);
