import type { Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../../model/json.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { closestMatch } from '../../../../net/closest-match.ts';
import { ipamShapes, unknownIpamShape } from './ipam-shapes.ts';
import { pluginShapes, unknownPluginShape } from './plugin-shapes.ts';
import { arrayShape, booleanShape, type CniShape, mapShape, objectShape, openObjectShape, textShape } from './shape.ts';

/** What a value is at odds with. `of`: the object it stands in, as a person calls it. */
export type ConflistProblem =
  | {
      readonly is: 'unknown';
      readonly key: string;
      readonly known: readonly string[];
      readonly of: string;
      readonly at: Path;
    }
  | {
      readonly is: 'type';
      readonly key: string;
      readonly value: Json;
      readonly shape: CniShape;
      readonly of: string;
      readonly at: Path;
    }
  | { readonly is: 'missing'; readonly key: string; readonly of: string; readonly at: Path };

const conflistShape = objectShape(
  {
    cniVersion: textShape,
    cniVersions: arrayShape(textShape),
    name: textShape,
    disableCheck: booleanShape,
    disableGC: booleanShape,
    loadOnlyInlinedPlugins: booleanShape,
    args: openObjectShape({}),
    nerdctlID: textShape,
    nerdctlLabels: mapShape(textShape),
    plugins: arrayShape(openObjectShape({})),
  },
  'plugins',
);

/** Compares a conflist with the key tables of its plugins: unknown keys, values of a wrong type, keys that are missing. */
export function validateConflist({ name, content, at }: TopologyFile): readonly ConflistProblem[] {
  return [
    ...validateShape(content, conflistShape, { of: `conflist ${name}`, key: name, at }),
    ...pluginsOf(content).flatMap(({ plugin, index }) => {
      const type = plugin['type'];
      const here = [...at, 'plugins', index];
      const of = typeof type === 'string' ? `plugin ${type}` : `plugin ${index + 1}`;
      const known = typeof type === 'string' ? shapeFor(pluginShapes, type) : undefined;
      const shape = known ?? { ...unknownPluginShape, fields: { ...unknownPluginShape.fields, required: ['type'] } };
      return [
        ...validateShape(plugin, shape.fields, { of, key: of, at: here }),
        ...validateIpam(plugin['ipam'], of, [...here, 'ipam']),
      ];
    }),
  ];
}

/** The plugin objects of a conflist with their places in the list; what is not an object is left out. */
export function pluginsOf(
  content: TopologyFile['content'],
): readonly { readonly plugin: JsonObject; readonly index: number }[] {
  const plugins = content['plugins'];
  if (!isList(plugins)) return [];
  return plugins.flatMap((plugin, index) => (isJsonObject(plugin) ? [{ plugin, index }] : []));
}

/** The entry of a table for a name that a user wrote. */
export const shapeFor = <T>(table: { readonly [type: string]: T }, type: string): T | undefined =>
  Object.hasOwn(table, type) ? table[type] : undefined;

export type JsonObject = { readonly [key: string]: Json };
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
/** Whether an object has a key, or one that was probably meant to be it: that one is reported by itself. */
export const hasSimilarKey = (object: JsonObject, key: string): boolean =>
  Object.keys(object).some((written) => closestMatch(written, [key]) !== null);

function validateIpam(ipam: Json | undefined, plugin: string, at: Path): readonly ConflistProblem[] {
  if (ipam === undefined) return [];
  const of = `ipam of ${plugin}`;
  const type = isJsonObject(ipam) ? ipam['type'] : undefined;
  const shape = (typeof type === 'string' ? shapeFor(ipamShapes, type) : undefined) ?? unknownIpamShape;
  return validateShape(ipam, shape, { of, key: 'ipam', at });
}

type ConflistLocation = { readonly of: string; readonly key: string; readonly at: Path };

function validateShape(value: Json, shape: CniShape, place: ConflistLocation): readonly ConflistProblem[] {
  if (shape.is === 'any') return [];
  if (!fits(value, shape)) return [{ is: 'type', key: place.key, value, shape, of: place.of, at: place.at }];
  if (shape.is === 'list' && isList(value)) {
    const of = shape.of.is === 'fields' ? `${itemWords(place.key)} of ${place.of}` : place.of;
    return value.flatMap((item, i) => validateShape(item, shape.of, { of, key: place.key, at: [...place.at, i] }));
  }
  if (shape.is === 'map' && isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      validateShape(item, shape.of, { of: place.of, key, at: [...place.at, key] }),
    );
  }
  return shape.is === 'fields' && isJsonObject(value) ? validateFields(value, shape, place) : [];
}

const ITEMS: { readonly [key: string]: string } = { routes: 'a route', ranges: 'a range', addresses: 'an address' };

const itemWords = (key: string): string => shapeFor(ITEMS, key) ?? `an item of ${key}`;

function validateFields(
  value: JsonObject,
  shape: Extract<CniShape, { is: 'fields' }>,
  place: ConflistLocation,
): readonly ConflistProblem[] {
  const known = Object.keys(shape.keys);
  const missing = shape.required
    .filter((key) => !hasSimilarKey(value, key))
    .map((key): ConflistProblem => ({ is: 'missing', key, of: place.of, at: place.at }));
  const inside = Object.entries(value).flatMap(([key, item]): readonly ConflistProblem[] => {
    const at = [...place.at, key];
    const child = shapeFor(shape.keys, key);
    if (child) return validateShape(item, child, { of: place.of, key, at });
    const sameLetters = known.find((name) => name.toLowerCase() === key.toLowerCase());
    if ((shape.open && !sameLetters) || isRuntimeKey(key)) return [];
    return [{ is: 'unknown', key, known: sameLetters ? [sameLetters] : known, of: place.of, at }];
  });
  return [...missing, ...inside];
}

const isRuntimeKey = (key: string): boolean => key.startsWith('cni.dev/');

function fits(value: Json, shape: CniShape): boolean {
  if (shape.is === 'text')
    return typeof value === 'string' && (shape.choices.length === 0 || shape.choices.includes(value));
  if (shape.is === 'flag') return typeof value === 'boolean';
  if (shape.is === 'number') {
    return typeof value === 'number' && Number.isInteger(value) && value >= shape.least && value <= shape.most;
  }
  return shape.is === 'list' ? isList(value) : isJsonObject(value);
}
