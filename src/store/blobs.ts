import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Latin1 } from '../model/values/hash.ts';
import { isName } from '../net/name.ts';
import { syncFolder, writeNewFile } from './atomic-write.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** The folder, in that of a lab, of bytes by their SHA-256: what records know only by digest. */
const BLOBS = 'blobs';
/** The documents of a lab that name digests. */
const RECORDS = ['state.json', 'state.json.new', 'journal'];
const DIGEST = /[0-9a-f]{64}/g;

/** Keeps bytes (one character for each) of a lab, durable when this returns: before a record names their digests. */
export function writeBlobs(store: Store, lab: string, blobs: Iterable<string>): void {
  const missing = new Map([...blobs].map((bytes) => [blobPath(store, lab, sha256Latin1(bytes)), bytes]));
  for (const path of missing.keys()) if (isWhole(path, missing.get(path) ?? '')) missing.delete(path);
  if (missing.size === 0) return;
  for (const folder of [store.state, join(store.state, lab), blobFolder(store, lab)])
    ensurePrivateFolder(store, folder);
  for (const [path, bytes] of missing) {
    rmSync(path, { force: true });
    writeNewFile(path, Buffer.from(bytes, 'latin1'));
  }
  syncFolder(join(store.state, lab));
  syncFolder(store.state);
}

/** The bytes of a digest, one character for each; null: the lab does not have them, or they are damaged. */
export function readBlob(store: Store, lab: string, sha: string): string | null {
  const path = blobPath(store, lab, sha);
  if (!checkPrivateFolder(store, store.state) || !checkPrivateFolder(store, blobFolder(store, lab))) return null;
  if (!checkPrivateFile(store, path)) return null;
  const bytes = readFileSync(path, 'latin1');
  return sha256Latin1(bytes) === sha ? bytes : null;
}

/** Removes the bytes that no record of a lab names any more, and their folder when it is empty. */
export function removeUnnamedBlobs(store: Store, lab: string): void {
  const folder = blobFolder(store, lab);
  if (!existsSync(folder)) return;
  const texts = RECORDS.map((name) => readText(join(store.state, lab, name)));
  const named = new Set(texts.flatMap((text) => text.match(DIGEST) ?? []));
  for (const name of readdirSync(folder)) if (!named.has(name)) rmSync(join(folder, name), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** The labs that have bytes and neither a state nor a journal: a run was killed before it began. */
export function listStrayBlobs(store: Store): readonly string[] {
  if (!checkPrivateFolder(store, store.state)) return [];
  const labs = readdirSync(store.state).filter((lab) => isName(lab) && existsSync(blobFolder(store, lab)));
  return labs.filter((lab) => RECORDS.every((name) => !existsSync(join(store.state, lab, name))));
}

const blobFolder = (store: Store, lab: string): string => join(store.state, lab, BLOBS);

const blobPath = (store: Store, lab: string, sha: string): string => join(blobFolder(store, lab), sha);

const readText = (path: string): string => (existsSync(path) ? readFileSync(path, 'latin1') : '');

/** A run that was killed while it wrote may have left a part of it. */
const isWhole = (path: string, bytes: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.size === bytes.length && readFileSync(path, 'latin1') === bytes;
