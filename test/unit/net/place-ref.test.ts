import { expect, test } from 'vitest';
import { formatPlaceRef, parsePlaceRef } from '../../../src/net/place-ref.ts';

test.each([
  ['docker:db', 'docker:db'],
  ['podman:web-1.test_2', 'podman:web-1.test_2'],
  ['containerd:c1', 'containerd:default/c1'],
  ['containerd:k8s.io/5f2c', 'containerd:k8s.io/5f2c'],
  ['pid:4711', 'pid:4711'],
  ['path:/run/netns/blue', 'path:/run/netns/blue'],
])('%s names a container', (text, canonical) => {
  const ref = parsePlaceRef(text);
  expect(typeof ref === 'string' ? ref : formatPlaceRef(ref)).toBe(canonical);
});

test.each([
  'db',
  'doker:db',
  ':db',
  'docker:',
  'docker:-v',
  'docker:a b',
  'docker:a;b',
  'containerd:a/b/c',
  'containerd:/c',
  'pid:0',
  'pid:-1',
  'pid:4194305',
  'pid:1e3',
  'path:blue',
  'path:/run/../etc',
  'path:/run/a b',
  'path:/\u0000',
])('%s names none, and says why', (text) => {
  expect(parsePlaceRef(text)).toEqual(expect.any(String));
});
