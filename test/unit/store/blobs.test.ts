import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Latin1 } from '../../../src/model/values/hash.ts';
import { listStrayBlobs, readBlob, writeBlobs } from '../../../src/store/blobs.ts';
import { removeState, writeState } from '../../../src/store/state.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netform-blobs-'));
  store = openStore({ state: join(folder, 'state'), run: join(folder, 'run'), owner: process.getuid?.() ?? 0 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const blobFolder = () => join(folder, 'state', 'lab', 'blobs');
const KEY = 'key \u00ff\u0000';
const SHA = sha256Latin1(KEY);

/** A state with one secret, by its digest. */
const stateWith = (sha: string) => ({
  ...{ version: 2 as const, lab: 'lab', uid: '01234567', bootId: 'boot', file: null, appliedAt: '', topology: '' },
  resources: [
    { kind: 'secret', id: 'secret:red/key', netns: 'red', spec: { sha }, dependsOn: [], within: [], before: null },
  ],
});

test('bytes are kept as they are, readable by their owner alone, and a damaged blob is none', () => {
  writeBlobs(store, 'lab', [KEY, KEY, 'other']);
  expect(readdirSync(blobFolder()).toSorted()).toEqual([SHA, sha256Latin1('other')].toSorted());
  expect(statSync(join(blobFolder(), SHA)).mode & 0o777).toBe(0o600);
  expect(readBlob(store, 'lab', SHA)).toBe(KEY);
  expect(readBlob(store, 'lab', sha256Latin1('never written'))).toBe(null);
  writeFileSync(join(blobFolder(), SHA), 'half of it', { mode: 0o600 });
  expect(readBlob(store, 'lab', SHA)).toBe(null);
  writeBlobs(store, 'lab', [KEY]);
  expect(readBlob(store, 'lab', SHA)).toBe(KEY);
});

test('bytes stay as long as a state or a journal names their digest, and go with the last of them', () => {
  writeBlobs(store, 'lab', [KEY, 'other']);
  expect(listStrayBlobs(store)).toEqual(['lab']);
  writeState(store, stateWith(SHA));
  const journal = join(folder, 'state', 'lab', 'journal');
  writeFileSync(journal, sha256Latin1('other'), { mode: 0o600 });
  removeState(store, 'lab');
  expect(readdirSync(blobFolder())).toEqual([sha256Latin1('other')]);
  writeState(store, stateWith(SHA));
  rmSync(journal);
  removeState(store, 'lab');
  expect(existsSync(join(folder, 'state', 'lab'))).toBe(false);
  expect(listStrayBlobs(store)).toEqual([]);
});
