import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import type { Instruction } from '../../src/model/instruction.ts';
import { answerTo, executeAll, executeFailure, hasOtherUsers, sh } from './kernel-fixture.ts';

const FOLDER = '/run/files';
const FILE = `${FOLDER}/file`;
const MARK = 'netform:v1:lab:0123abcd';

beforeEach(() => {
  sh(`umount ${FILE} 2>/dev/null || true`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { mode: 0o755 });
});

const write = (path: string, content: string): Instruction => ({ do: 'file.write', path, content, exclusive: false });
const create = (path: string, content: string): Instruction => ({ do: 'file.write', path, content, exclusive: true });
const remove = (path: string, andFolder = false): Instruction => ({ do: 'file.delete', path, andFolder });
const text = (path = FILE): string => readFileSync(path, 'utf8');

test('a new file has mode 0644 and its folders are made; both go again', () => {
  executeAll(write(`${FOLDER}/a/b/file`, 'grüße\n'));
  expect(text(`${FOLDER}/a/b/file`)).toBe('grüße\n');
  expect(statSync(`${FOLDER}/a/b/file`).mode & 0o7777).toBe(0o644);
  expect(statSync(`${FOLDER}/a`).mode & 0o7777).toBe(0o755);
  executeAll(remove(`${FOLDER}/a/b/file`, true));
  expect(readdirSync(FOLDER)).toEqual([]);
  expect(executeFailure(remove(`${FOLDER}/a/file`))).toEqual({
    code: 'ENOENT',
    message: `there is no ${FOLDER}/a/file`,
  });
});

test('a folder that was there before stays, though it is empty again', () => {
  mkdirSync(`${FOLDER}/theirs`);
  executeAll(create(`${FOLDER}/theirs/ours/file`, ''));
  executeAll(remove(`${FOLDER}/theirs/ours/file`));
  expect(readdirSync(`${FOLDER}/theirs`)).toEqual([]);
});

test('a folder with something else in it stays', () => {
  executeAll(write(`${FOLDER}/a/one`, ''), write(`${FOLDER}/a/two`, ''));
  executeAll(remove(`${FOLDER}/a/one`, true));
  expect(readdirSync(`${FOLDER}/a`)).toEqual(['two']);
});

test.skipIf(!hasOtherUsers)('a file is replaced by another inode; mode and owner stay', () => {
  writeFileSync(FILE, 'old');
  chownSync(FILE, 7, 8);
  chmodSync(FILE, 0o664);
  const before = statSync(FILE);
  executeAll(write(FILE, 'new'));
  const after = statSync(FILE);
  expect(text()).toBe('new');
  expect(after.ino).not.toBe(before.ino);
  expect([after.uid, after.gid, after.mode]).toEqual([7, 8, before.mode]);
  expect(readdirSync(FOLDER)).toEqual(['file']);
});

test('a file with two names, or mounted by itself, is written in place', () => {
  writeFileSync(FILE, 'a long old text');
  linkSync(FILE, `${FOLDER}/second`);
  executeAll(write(FILE, 'new'));
  expect(text(`${FOLDER}/second`)).toBe('new');
  rmSync(`${FOLDER}/second`);
  sh(`mount --bind ${FILE} ${FILE}`);
  const { ino } = statSync(FILE);
  executeAll(write(FILE, 'newer'));
  expect([text(), statSync(FILE).ino]).toEqual(['newer', ino]);
  sh(`umount ${FILE}`);
  expect(readdirSync(FOLDER)).toEqual(['file']);
});

test('an exclusive file is never written over', () => {
  executeAll(create(FILE, 'one'));
  expect(executeFailure(create(FILE, 'two'))).toEqual({ code: 'EEXIST', message: `${FILE} exists already` });
  symlinkSync('/run/elsewhere', `${FOLDER}/link`);
  expect(executeFailure(create(`${FOLDER}/link`, 'two')).code).toBe('EEXIST');
  expect(existsSync('/run/elsewhere')).toBe(false);
  expect(text()).toBe('one');
  expect(readdirSync(FOLDER).sort()).toEqual(['file', 'link']);
});

test.skipIf(!hasOtherUsers)("root's symbolic links are followed, others' are refused", () => {
  mkdirSync(`${FOLDER}/real`);
  symlinkSync('real', `${FOLDER}/link`);
  writeFileSync(`${FOLDER}/real/file`, 'old');
  symlinkSync('real/file', FILE);
  executeAll(write(FILE, 'new'), write(`${FOLDER}/link/other`, 'other'));
  expect(lstatSync(FILE).isSymbolicLink()).toBe(true);
  expect([text(`${FOLDER}/real/file`), text(`${FOLDER}/real/other`)]).toEqual(['new', 'other']);
  sh(`chown -h 1000 ${FILE} ${FOLDER}/link`);
  expect(executeFailure(write(FILE, 'evil')).code).toBe('EACCES');
  expect(executeFailure(write(`${FOLDER}/link/other`, 'evil')).code).toBe('EACCES');
  expect(executeFailure(remove(FILE)).code).toBe('ELOOP');
  expect(text(`${FOLDER}/real/file`)).toBe('new');
});

test.skipIf(!hasOtherUsers)('a folder that others can write to is refused', () => {
  chmodSync(FOLDER, 0o777);
  expect(executeFailure(write(FILE, 'x')).code).toBe('EACCES');
  chmodSync(FOLDER, 0o755);
  chownSync(FOLDER, 1000, 0);
  expect(executeFailure(write(FILE, 'x')).code).toBe('EACCES');
  expect(existsSync(FILE)).toBe(false);
});

test('blocks keep every other byte of a file, also bytes that are no text', () => {
  const foreign = Buffer.from([0x31, 0xff, 0xfe, 0x0d, 0x0a, 0x23, 0xc3, 0xbc]);
  writeFileSync(FILE, foreign);
  executeAll({ do: 'file.block', path: FILE, mark: MARK, lines: ['10.0.0.1 red'] });
  expect(readFileSync(FILE).subarray(0, foreign.length).equals(foreign)).toBe(true);
  expect(text()).toContain('10.0.0.1 red\n');
  expect(answerTo({ need: 'file', key: FILE })).toBe(readFileSync(FILE, 'latin1'));
  expect(answerTo({ need: 'file', key: '/run/none' })).toBe(null);
  executeAll({ do: 'file.unblock', path: FILE, mark: MARK, andFolder: true });
  expect(readFileSync(FILE).equals(foreign)).toBe(true);
  expect(executeFailure({ do: 'file.unblock', path: FILE, mark: MARK, andFolder: true }).code).toBe('ENOENT');
});

test('a file that was made for a block goes with it, and its folder', () => {
  const path = `${FOLDER}/red/hosts`;
  executeAll({ do: 'file.block', path, mark: MARK, lines: ['10.0.0.1 red'] });
  executeAll({ do: 'file.unblock', path, mark: MARK, andFolder: true });
  expect(readdirSync(FOLDER)).toEqual([]);
});

test('a broken block is a failure of that file only', () => {
  writeFileSync(FILE, `# BEGIN ${MARK} sha256:0123456789abcdef\n10.0.0.1 red\n`);
  const before = text();
  expect(executeFailure({ do: 'file.block', path: FILE, mark: MARK, lines: [] })).toMatchObject({ code: 'E_DRIFT' });
  expect(text()).toBe(before);
});

const ETC = '/etc/netns';
const hosts = (netns: string): string => `${ETC}/${netns}/hosts`;
const block = (netns: string, lines: readonly string[]): Instruction => ({
  do: 'file.block',
  ...{ path: hosts(netns), mark: MARK, lines },
});
const unblock = (netns: string): Instruction => ({
  do: 'file.unblock',
  path: hosts(netns),
  mark: MARK,
  andFolder: true,
});
const inodes = (...names: readonly string[]): number => new Set(names.map((netns) => statSync(hosts(netns)).ino)).size;

test('equal hosts files of namespaces are one file, and one of them is changed or removed alone', () => {
  const lines = ['10.0.0.1 a'];
  executeAll(block('a', lines), block('b', lines), block('c', ['10.0.0.2 c']));
  expect([inodes('a', 'b'), inodes('a', 'c'), statSync(hosts('a')).nlink]).toEqual([1, 2, 2]);
  executeAll(block('a', ['10.0.0.9 a']));
  expect([text(hosts('a')).includes('10.0.0.9 a'), text(hosts('b')).includes('10.0.0.1 a')]).toEqual([true, true]);
  executeAll(block('a', lines), block('b', lines), block('c', lines));
  expect([inodes('a', 'c'), readdirSync(`${ETC}/a`)]).toEqual([1, ['hosts']]);
  executeAll(unblock('a'));
  expect([existsSync(`${ETC}/a`), text(hosts('b')).includes('10.0.0.1 a')]).toEqual([false, true]);
  executeAll(unblock('b'), unblock('c'));
  expect(existsSync(ETC)).toBe(false);
});

test('lines that another program adds to a shared hosts file stay where the block goes, and the others keep their block', () => {
  const lines = ['10.0.0.1 a'];
  executeAll(block('a', lines), block('b', lines), block('c', lines));
  writeFileSync(hosts('a'), '192.0.2.1 theirs\n', { flag: 'a' });
  executeAll(unblock('a'));
  expect(text(hosts('a'))).toBe('192.0.2.1 theirs\n');
  expect([inodes('b', 'c'), text(hosts('b')).includes('10.0.0.1 a')]).toEqual([1, true]);
  executeAll(unblock('b'), unblock('c'));
  expect([text(hosts('b')), text(hosts('c'))]).toEqual(['192.0.2.1 theirs\n', '192.0.2.1 theirs\n']);
  rmSync(ETC, { recursive: true });
});

test('a hosts file that the user links elsewhere is written in place, so that both names have the block', () => {
  mkdirSync(`${ETC}/a`, { recursive: true });
  writeFileSync('/etc/theirs', '192.0.2.1 theirs\n');
  linkSync('/etc/theirs', hosts('a'));
  executeAll(block('a', ['10.0.0.1 a']));
  expect(text('/etc/theirs')).toBe(text(hosts('a')));
  executeAll(unblock('a'));
  expect([text('/etc/theirs'), inodes('a')]).toEqual(['192.0.2.1 theirs\n', 1]);
  rmSync(ETC, { recursive: true });
  rmSync('/etc/theirs');
});

test('the folder of a lab goes with its last file, though a process that has gone since has made it', () => {
  const labs = '/run/netform/labs';
  const isAlone = !existsSync('/run/netform');
  mkdirSync(`${labs}/lab/.processes/a.first`, { recursive: true });
  executeAll(create(`${labs}/lab/a/files/etc/app.conf`, ''));
  rmSync(`${labs}/lab/.processes`, { recursive: true });
  executeAll(remove(`${labs}/lab/a/files/etc/app.conf`, true));
  expect(existsSync(`${labs}/lab`)).toBe(false);
  if (isAlone) rmSync('/run/netform', { recursive: true });
});
