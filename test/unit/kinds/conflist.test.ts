import { expect, test } from 'vitest';
import { contextWith, created, kindOf, labWith, liveWith, only, operationOf, recordedOf } from './fixture.ts';

const kind = kindOf('conflist');
const path = '/etc/cni/net.d/10-mynet.conflist';
const content = { cniVersion: '1.0.0', name: 'mynet', plugins: [{ type: 'bridge', comment: 'größe' }] };
const resource = only(
  'conflist',
  labWith({ files: [{ kind: 'conflist', name: 'mynet', path, content, plugins: [], at: [] }] }),
);
const text = `${JSON.stringify(content, null, 2)}\n`;
const seen = (file: string | null, recorded: Parameters<typeof contextWith>[0] = null) => {
  const bytes = file === null ? null : Buffer.from(file, 'utf8').toString('latin1');
  return kind.observe(
    liveWith({}, [{ need: { need: 'file', key: path }, answer: bytes }]),
    resource,
    contextWith(recorded),
  );
};

test('a new file must not exist, a known one is rewritten', () => {
  expect(kind.instructions(created(resource), 'make', contextWith())).toEqual([
    [{ do: 'file.write', path, content: text, exclusive: true }],
  ]);
  const update = operationOf('update', resource, { before: { ...resource.spec, content: '{}' }, after: resource.spec });
  expect(kind.instructions(update, 'make', contextWith())).toEqual([
    [{ do: 'file.write', path, content: text, exclusive: false }],
  ]);
});

test('only a recorded file is ours', () => {
  expect(seen(null).spec).toBeNull();
  expect(seen(text)).toMatchObject({ owner: 'foreign' });
  expect(seen(text, recordedOf(resource))).toEqual({ spec: resource.spec, owner: 'ours', whose: null });
  expect(seen('{}', recordedOf(resource)).spec?.['sha']).not.toBe(resource.spec['sha']);
});

test('a file that has moved is found where it was', () => {
  const old = { ...resource, spec: { ...resource.spec, path: '/etc/cni/net.d/old.conflist' } };
  const live = liveWith({}, [
    { need: { need: 'file', key: '/etc/cni/net.d/old.conflist' }, answer: '{}' },
    { need: { need: 'file', key: path }, answer: null },
  ]);
  expect(kind.observe(live, resource, contextWith(recordedOf(old))).spec?.['path']).toBe('/etc/cni/net.d/old.conflist');
});
