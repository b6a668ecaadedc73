import { isJsonObject, type Json } from '../../../model/json.ts';
import type { JsonMap } from '../../result.ts';
import { keyValuePairs, listValue, mapValue, textValue } from '../../yaml-values.ts';

/** One YAML document of a file: `index` counts from 1. */
export type ManifestDocument = { readonly file: string; readonly index: number; readonly value: Json };

/** An object of a manifest, with what every import reads of it. */
export type Manifest = {
  readonly kind: string;
  /** The group of its `apiVersion`, empty for the first one: `apps`, `networking.k8s.io`. */
  readonly group: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: ManifestLabels;
  readonly annotations: ManifestLabels;
  readonly value: JsonMap;
  readonly spec: JsonMap;
  /** `shop.yaml, document 3`. */
  readonly place: string;
};

export type ManifestLabels = { readonly [key: string]: string };

/** The objects of documents, those of a `List` each for itself; and one line for each document that has none. */
export function readManifests(documents: readonly ManifestDocument[]): {
  readonly manifests: readonly Manifest[];
  readonly unknown: readonly string[];
} {
  const unknown: string[] = [];
  const manifests = documents.flatMap(({ file, index, value }) => {
    const place = `${file}, document ${index}`;
    if (value === null) return [];
    if (isJsonObject(value) && textValue(value['kind']) !== null) return objectsOf(value, place);
    unknown.push(`${place}: it has no kind`);
    return [];
  });
  return { manifests, unknown };
}

function objectsOf(value: JsonMap, place: string): readonly Manifest[] {
  const kind = textValue(value['kind']) ?? '';
  if (kind.endsWith('List')) return listValue(value['items']).flatMap((item) => objectsOf(mapValue(item), place));
  const metadata = mapValue(value['metadata']);
  const version = textValue(value['apiVersion']) ?? '';
  return [
    {
      kind,
      group: version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
      name: textValue(metadata['name']) ?? textValue(metadata['generateName'])?.replace(/-$/, '') ?? kind.toLowerCase(),
      namespace: textValue(metadata['namespace']) ?? 'default',
      labels: textMap(metadata['labels']),
      annotations: textMap(metadata['annotations']),
      value,
      spec: mapValue(value['spec']),
      place,
    },
  ];
}

/** A map of texts; other values count as their text. */
export const textMap = (value: Json | undefined): ManifestLabels =>
  Object.fromEntries(
    Object.entries(mapValue(value)).flatMap(([key, one]) =>
      typeof one === 'boolean' ? [[key, String(one)]] : keyValuePairs({ [key]: one }, '='),
    ),
  );

/** How a line of what is left out begins: `shop.yaml, document 3 (Service web)`. */
export const manifestPlace = ({ place, kind, name }: Manifest): string => `${place} (${kind} ${name})`;
