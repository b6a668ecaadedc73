import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Path } from '../../../src/model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../src/model/json.ts';
import { readYaml } from '../../../src/source/read-yaml.ts';
import { diagnose } from '../../support/diagnose.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'topologies');

/** The places of a value that are not names of the reader's own, and not of parts that have checks of another kind. */
function places(value: Json, path: Path = []): readonly Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item: Json, i) => places(item, [...path, i]))
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))
      : [];
  const isTop = ['vars', 'cni', 'dns', 'version', 'name'].includes(String(path[0]));
  return path.length === 0 || isTop ? inner : [path, ...inner];
}

/** The value with another one at a place, under another key if there is one. */
function changed(value: Json, [step, ...rest]: Path, to: { readonly key?: string; readonly value?: Json }): Json {
  if (Array.isArray(value))
    return value.map((item: Json, i) =>
      i !== step ? item : rest.length > 0 ? changed(item, rest, to) : (to.value ?? item),
    );
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    if (key !== step) return [key, item];
    return rest.length > 0 ? [key, changed(item, rest, to)] : [to.key ?? key, to.value ?? item];
  });
  return Object.fromEntries(entries);
}

const NAMES = ['namespaces', 'bridges', 'interfaces', 'subnets', 'sysctls'];

/** The errors of a topology with one mistake at each place, where there is not exactly one. */
function notOnce(file: string, mistake: { readonly key?: string; readonly value?: Json }): readonly string[] {
  const read = readYaml(readFileSync(join(ROOT, file), 'utf8'));
  const value = 'value' in read ? read.value : null;
  const all = places(value).filter(
    (path) => mistake.key === undefined || (typeof path.at(-1) === 'string' && !NAMES.includes(String(path.at(-2)))),
  );
  expect(all.length).toBeGreaterThan(10);
  return all.flatMap((path) => {
    const text = JSON.stringify(changed(value, path, mistake), null, 1);
    const errors = diagnose(text, { file, live: null }).diagnostics.filter(({ severity }) => severity === 'error');
    // A key that is needed and misspelt beyond recognition is unknown, and missing.
    const found = errors.filter(({ check }) => check !== 'missing-key');
    return found.length === 1 ? [] : [`${path.join('.')}: ${errors.map(({ message }) => message).join(' | ')}`];
  });
}

test.each(['vxlan-mesh.yaml', 'point-to-point.yaml', 'port-forward.yaml', 'router.yaml'])(
  'H9: one mistake anywhere in %s is one error, and nothing follows from it',
  (file) => {
    expect(notOnce(file, { value: 5.5 })).toEqual([]);
    expect(notOnce(file, { value: [[1]] })).toEqual([]);
    expect(notOnce(file, { key: 'zzqqxx' })).toEqual([]);
  },
);
