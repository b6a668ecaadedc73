import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { EXIT, type NetformError, netformError } from '../model/error.ts';
import { writeErrorReason } from '../model/files/file-errors.ts';
import { isJsonObject, type Spec } from '../model/json.ts';
import type { SavedPlan } from '../model/results/saved-plan.ts';
import { extractShared, inlineShared } from '../model/values/shared-values.ts';
import { writeAtomic, writeNewFile } from './atomic-write.ts';

const MAX_PLAN_BYTES = 64 << 20;
const HEAD = /^\{\s*"netform":\s*"plan"/;
const HEAD_BYTES = 64;

/** Writes a plan (0600) to a new file, or over an older plan, but over nothing else. Throws E_PLAN_FILE. */
export function writePlanFile(path: string, plan: SavedPlan): void {
  const { shared, value } = extractShared(plan);
  const text = `${JSON.stringify(shared.length > 0 ? { ...(value as SavedPlan), shared } : plan, null, 1)}\n`;
  try {
    writeNewFile(path, text);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code !== 'EEXIST') throw planWriteError(path, writeErrorReason(error));
    if (readPlanHead(path) === null) throw planWriteError(path, 'there is something else already, which is not a plan');
    writeAtomic(path, text);
  }
}

/** The plan in a file; null: the file is none, or cannot be read. Throws E_PLAN_FILE on a plan that is damaged. */
export function readPlanFile(path: string): SavedPlan | null {
  if (readPlanHead(path) === null) return null;
  const { shared = [], ...value } = parsePlanJson(readFileSync(path, 'utf8'));
  const plan = Array.isArray(shared) ? inlineShared({ shared, value }) : null;
  if (isSavedPlan(plan)) return plan;
  throw netformError('E_PLAN_FILE', EXIT.usage, `${path} is not a plan that this netform can read`, {
    hint: 'make it again with netform plan -o',
  });
}

/** The beginning of a plain file that looks like a plan. */
function readPlanHead(path: string): string | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = ignoreErrno(() => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MAX_PLAN_BYTES) return null;
    const buffer = Buffer.alloc(HEAD_BYTES);
    const head = buffer.toString('utf8', 0, readSync(fd, buffer, 0, HEAD_BYTES, 0));
    return HEAD.test(head) ? head : null;
  } finally {
    closeSync(fd);
  }
}

function parsePlanJson(text: string): Spec {
  try {
    const plan: unknown = JSON.parse(text);
    return isJsonObject(plan) ? plan : {};
  } catch {
    return {};
  }
}

function isSavedPlan(value: unknown): value is SavedPlan {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['savedAt', 'bootId', 'lab', 'uid', 'foreign', 'fate', 'topology'];
  const objects = ['request', 'seen', 'order', 'read'];
  return (
    [1, 2].includes(Number(fields.get('version'))) &&
    texts.every((key) => typeof fields.get(key) === 'string') &&
    objects.every((key) => typeof fields.get(key) === 'object' && fields.get(key) !== null) &&
    ['operations', 'extras'].every((key) => Array.isArray(fields.get(key)))
  );
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error;

function ignoreErrno<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}

const planWriteError = (path: string, why: string): NetformError =>
  netformError('E_PLAN_FILE', EXIT.usage, `the plan cannot be written to ${path}: ${why}`, {
    hint: 'give -o another file',
  });
