import { expect, test } from 'vitest';
import type { LabHostsFiles } from '../../../src/features/names/name-files.ts';
import { insertManagedBlock } from '../../../src/model/files/managed-block.ts';
import * as given from './fixture.ts';

const kind = given.kindOf('names');
const namesOf = (netns: string, more: Partial<LabHostsFiles> = {}): LabHostsFiles => ({
  ...{ netns, hosts: [{ address: '192.168.15.2', names: ['blue', 'web'] }], search: [], nameservers: [] },
  ...{ options: [], order: null, machine: null, at: [] },
  ...more,
});
const hosts = ['127.0.0.1 localhost', '::1 localhost ip6-localhost', '192.168.15.2 blue web'];
const red = given.only('names', given.labWith({ features: { names: [namesOf('red')] } }));
const path = '/etc/netns/red/hosts';

test('the machine itself has a line, unless its name means something else', () => {
  const linesOf = (machine: string, names: readonly string[] = ['blue']) => {
    const files = namesOf('red', { machine, hosts: [{ address: '10.0.0.2', names }] });
    return given.only('names', given.labWith({ features: { names: [files] } })).spec['files'];
  };
  const [v4, v6] = ['127.0.0.1 localhost', '::1 localhost ip6-localhost'];
  expect(linesOf('vm')).toEqual({ [path]: [v4, v6, '127.0.1.1 vm', '10.0.0.2 blue'] });
  expect(linesOf('vm.example.org')).toEqual({ [path]: [v4, v6, '127.0.1.1 vm.example.org vm', '10.0.0.2 blue'] });
  expect(linesOf('vm.example.org', ['vm'])).toEqual({ [path]: [v4, v6, '127.0.1.1 vm.example.org', '10.0.0.2 vm'] });
  for (const machine of ['blue', 'localhost', '', '(none)', 'a b'])
    expect(linesOf(machine), machine).toEqual({ [path]: [v4, v6, '10.0.0.2 blue'] });
  expect(
    given.only('names', given.labWith({ features: { names: [namesOf('host', { machine: 'vm' })] } })).spec,
  ).toEqual({
    ...{ netns: 'host', files: { '/etc/hosts': ['192.168.15.2 blue web'] } },
  });
});

test('hosts always, the others only when something is in them', () => {
  expect(red).toMatchObject({
    id: 'names:red',
    dependsOn: ['netns:red'],
    within: [],
    spec: { files: { [path]: hosts } },
  });
  const full = namesOf('red', {
    search: ['lab.test'],
    nameservers: ['10.0.0.1'],
    options: ['ndots:1'],
    order: ['files', 'dns'],
  });
  expect(given.only('names', given.labWith({ features: { names: [full] } })).spec).toMatchObject({
    files: {
      '/etc/netns/red/resolv.conf': ['nameserver 10.0.0.1', 'search lab.test', 'options ndots:1'],
      '/etc/netns/red/nsswitch.conf': ['hosts: files dns'],
    },
  });
  expect(given.only('names', given.labWith({ features: { names: [namesOf('host')] } })).spec['files']).toEqual({
    '/etc/hosts': ['192.168.15.2 blue web'],
  });
  expect(kind.compile(given.labWith({ features: { names: [namesOf('host', { hosts: [] })] } }))).toEqual([]);
});

test('the block is found among the lines of others', () => {
  const text = insertManagedBlock('10.0.0.1 mine\r\n', given.MARK, hosts);
  const seen = (content: string | null) =>
    kind.observe(
      given.liveWith({}, [{ need: { need: 'file', key: path }, answer: content }]),
      red,
      given.contextWith(),
    );
  expect(seen(text)).toEqual({ spec: red.spec, owner: 'ours', whose: null });
  expect(seen('10.0.0.1 mine\n').spec).toBeNull();
  expect(seen(null).spec).toBeNull();
  expect(seen(text.replace('blue', 'green')).spec).toMatchObject({
    files: { [path]: [...hosts.slice(0, 2), '192.168.15.2 green web'] },
  });
  expect(seen(text.replace(`# END ${given.MARK}\n`, ''))).toMatchObject({ owner: 'foreign' });
});

test('a file that is no longer wanted loses its block', () => {
  const old = { ...red, spec: { netns: 'red', files: { ...{ [path]: hosts }, '/etc/netns/red/resolv.conf': ['x'] } } };
  const file = (key: string, lines: readonly string[]) =>
    ({ need: { need: 'file', key }, answer: insertManagedBlock(null, given.MARK, lines) }) as const;
  const files = [file(path, hosts), file('/etc/netns/red/resolv.conf', ['x'])];
  const found = kind.observe(given.liveWith({}, files), red, given.contextWith(given.recordedOf(old)));
  expect(found.spec).toEqual(old.spec);
  const update = given.operationOf('update', red, { before: old.spec, after: red.spec });
  expect(kind.instructions(update, 'make', given.contextWith(given.recordedOf(old)))).toEqual([
    [{ do: 'file.unblock', path: '/etc/netns/red/resolv.conf', mark: given.MARK, andFolder: true }],
  ]);
});

test('a block of lines is written, and removed', () => {
  expect(kind.instructions(given.created(red), 'make', given.contextWith())).toEqual([
    [{ do: 'file.block', path, mark: given.MARK, lines: hosts }],
  ]);
  expect(kind.instructions(given.deleted(red), 'delete', given.contextWith())).toEqual([
    [{ do: 'file.unblock', path, mark: given.MARK, andFolder: true }],
  ]);
});
