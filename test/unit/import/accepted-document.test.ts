import { expect, test } from 'vitest';
import { acceptedDocument } from '../../../src/import/accepted-document.ts';
import { makeDiagnostic } from '../../../src/model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../../src/model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../src/model/json.ts';

const valueAt = (value: Json, [key, ...rest]: Path): Json | undefined => {
  if (key === undefined) return value;
  const child = isJsonObject(value) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined;
  return child === undefined ? undefined : valueAt(child, rest);
};

/** Finds a mistake at each of these paths, as long as the text there is `bad`. */
const findsBad =
  (...paths: readonly Path[]) =>
  (document: Json) =>
    paths
      .filter((path) => valueAt(document, path) === 'bad')
      .map((path) => makeDiagnostic('bad-value', atValue(path), 'it is bad'));

test('what is refused is taken out, and told with its place: items of lists from the last to the first', () => {
  const document = { version: 1, namespaces: { a: { routes: ['bad', 'good', 'bad'], rules: [{ from: 'bad' }] } } };
  const routes = ['namespaces', 'a', 'routes'];
  const finds = findsBad([...routes, 0], [...routes, 2], ['namespaces', 'a', 'rules', 0, 'from']);
  const { document: accepted, refused } = acceptedDocument(document, finds);
  expect(accepted).toEqual({ version: 1, namespaces: { a: { routes: ['good'] } } });
  expect(refused.toSorted()).toEqual([
    'routes of a bad: it is bad',
    'routes of a bad: it is bad',
    'rules of a {from:bad}: it is bad',
  ]);
});

test('an interface loses the setting alone, and one on a bridge has no address then', () => {
  const interfaces = {
    eth0: { bridge: 'br', address: 'bad' },
    eth1: { bridge: 'bad' },
    eth2: { mtu: 'bad', mac: 'x' },
  };
  const at = ['namespaces', 'a', 'interfaces'];
  const finds = findsBad([...at, 'eth0', 'address'], [...at, 'eth1', 'bridge'], [...at, 'eth2', 'mtu']);
  expect(acceptedDocument({ namespaces: { a: { interfaces } } }, finds).document).toEqual({
    namespaces: { a: { interfaces: { eth0: { bridge: 'br', address: 'none' }, eth2: { mac: 'x' } } } },
  });
});

test('a program or a file that is refused goes alone, and its namespace stays', () => {
  const document = {
    namespaces: { a: { run: { x: 'bad', y: 'yes' }, files: { '/etc/x': { from: 'bad' }, '/etc/y': { from: 'y' } } } },
  };
  const finds = findsBad(['namespaces', 'a', 'run', 'x'], ['namespaces', 'a', 'files', '/etc/x', 'from']);
  const { document: accepted } = acceptedDocument(document, finds);
  expect(accepted).toEqual({ namespaces: { a: { run: { y: 'yes' }, files: { '/etc/y': { from: 'y' } } } } });
});

test('a document without mistakes, and a mistake without a place, leave it as it is', () => {
  const document = { version: 1 };
  expect(acceptedDocument(document, () => [])).toEqual({ document, refused: [] });
  expect(acceptedDocument(document, () => [makeDiagnostic('bad-value', null, 'it is bad')]).document).toBe(document);
});
