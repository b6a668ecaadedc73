import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, invariant, netformError } from '../model/error.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { ReconcileOrders, ReconcileState } from '../model/results/reconcile-state.ts';
import { isName } from '../net/name.ts';
import { syncFolder, writeAtomic, writeNewFile } from './atomic-write.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** Beside the folders of the labs, whose names begin with letters. */
const FOLDER = '.reconcile';
const STATE = 'state.json';
const ORDERS = 'orders.json';
const TREES = 'trees';
const MIRROR = 'mirror.git';
const TREE = /^[0-9a-f]{40,64}$/;

/** What is remembered of a reconcile; null: it never ran. Throws E_STATE for a file that is not such a state. */
export function readReconcileState(store: Store, name: string): ReconcileState | null {
  const document = readDocument(store, name, STATE);
  if (document === null) return null;
  if (isJsonObject(document) && document['version'] === 1 && isJsonObject(document['labs'])) {
    // Only netform writes there, and the version says how.
    return document as unknown as ReconcileState;
  }
  throw damaged(join(reconcileFolder(store, name), STATE));
}

/** Writes what is remembered: after a crash the file is the old one or the new one. */
export function writeReconcileState(store: Store, name: string, state: ReconcileState): void {
  ensureFolder(store, name);
  writeAtomic(join(reconcileFolder(store, name), STATE), `${JSON.stringify(state, null, 1)}\n`);
}

const NO_ORDERS: ReconcileOrders = { suspended: null, approved: [] };

/** What a person said about a reconcile. */
export function readReconcileOrders(store: Store, name: string): ReconcileOrders {
  const document = readDocument(store, name, ORDERS);
  if (document === null) return NO_ORDERS;
  if (isJsonObject(document) && Array.isArray(document['approved'])) return document as unknown as ReconcileOrders;
  throw damaged(join(reconcileFolder(store, name), ORDERS));
}

/** The file of what a person said; its folder is there then. */
export function ordersFile(store: Store, name: string): string {
  ensureFolder(store, name);
  return join(reconcileFolder(store, name), ORDERS);
}

/** Records what a person said, beside a run that may be at work. */
export function writeReconcileOrders(store: Store, name: string, orders: ReconcileOrders): void {
  ensureFolder(store, name);
  writeAtomic(join(reconcileFolder(store, name), ORDERS), `${JSON.stringify(orders, null, 1)}\n`);
}

/** The names of the reconciles that have run, or were spoken of, sorted. */
export function listReconciles(store: Store): readonly string[] {
  const folder = join(store.state, FOLDER);
  if (!checkPrivateFolder(store, store.state) || !checkPrivateFolder(store, folder)) return [];
  return readdirSync(folder).filter(isName).toSorted();
}

/** The folder of a reconcile. */
export function reconcileFolder(store: Store, name: string): string {
  invariant(isName(name), `${name} is not the name of a reconcile file`);
  return join(store.state, FOLDER, name);
}

/** Where the copy of its repository is: its folder is there then. */
export function mirrorFolder(store: Store, name: string): string {
  ensureFolder(store, name);
  return join(reconcileFolder(store, name), MIRROR);
}

/** The folder in which the files of a commit are, whole; null: they are not kept. */
export function treeFolder(store: Store, name: string, tree: string): string | null {
  const folder = join(reconcileFolder(store, name), TREES, tree);
  return TREE.test(tree) && existsSync(folder) ? folder : null;
}

/** Files by their paths. */
export type TreeFiles = ReadonlyMap<string, Uint8Array>;

/** Keeps the files of a commit: the folder is there when all of them are. */
export function writeTree(store: Store, name: string, tree: string, files: TreeFiles): string {
  invariant(TREE.test(tree), `${tree} is not the name of a tree`);
  ensureFolder(store, name);
  const trees = join(reconcileFolder(store, name), TREES);
  ensurePrivateFolder(store, trees);
  const fresh = join(trees, 'new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true, mode: 0o700 });
    writeNewFile(join(fresh, path), Buffer.from(bytes));
  }
  const folder = join(trees, tree);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  syncFolder(trees);
  return folder;
}

/** Removes the trees that are no longer needed. */
export function keepTrees(store: Store, name: string, needed: ReadonlySet<string>): void {
  const trees = join(reconcileFolder(store, name), TREES);
  if (!existsSync(trees)) return;
  for (const tree of readdirSync(trees))
    if (!needed.has(tree)) rmSync(join(trees, tree), { recursive: true, force: true });
}

function ensureFolder(store: Store, name: string): void {
  for (const folder of [store.state, join(store.state, FOLDER), reconcileFolder(store, name)])
    ensurePrivateFolder(store, folder);
}

function readDocument(store: Store, name: string, file: string): Json {
  const folder = reconcileFolder(store, name);
  const path = join(folder, file);
  const isThere =
    checkPrivateFolder(store, store.state) &&
    checkPrivateFolder(store, dirname(folder)) &&
    checkPrivateFolder(store, folder) &&
    checkPrivateFile(store, path);
  if (!isThere) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path);
    throw error;
  }
}

const damaged = (path: string): Error =>
  netformError('E_STATE', EXIT.internal, `${path} is damaged`, {
    hint: 'remove it: the next run begins with what is on this machine; nothing was changed',
  });
