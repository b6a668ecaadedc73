import { basename, dirname } from 'node:path';
import { EXIT, netformError } from '../model/error.ts';
import { isJsonObject, type Json, type Spec } from '../model/json.ts';
import type { StateEntry } from '../model/kind.ts';
import type { State } from '../model/state.ts';
import { extractShared, inlineShared } from '../model/values/shared-values.ts';
import { isName } from '../net/name.ts';

type StateFieldType = 'text' | 'text?' | 'object' | 'object?' | 'texts' | 'objects';
type StateFieldTypes = { readonly [key: string]: StateFieldType };

const STATE_FIELDS: StateFieldTypes = {
  lab: 'text',
  uid: 'text',
  bootId: 'text',
  file: 'text?',
  appliedAt: 'text',
  topology: 'text',
  resources: 'objects',
};

const STATE_ENTRY_FIELDS: StateFieldTypes = {
  kind: 'text',
  id: 'text',
  netns: 'text',
  spec: 'object',
  dependsOn: 'texts',
  within: 'texts',
  before: 'object?',
};

/** Of the files that are written. Nothing is shared in a file of version 1. */
const VERSION = 2;

/** Reads the text of a state file. Throws E_STATE, saying what is wrong with it, rather than believing half of it. */
export function parseState(text: string, path: string): State {
  const value = parseStateJson(text, path);
  if (!isJsonObject(value)) throw stateReadError(path, 'it is not a JSON object');
  const { version, shared = [], ...written } = value;
  if (version !== 1 && version !== VERSION)
    throw stateReadError(path, `it has version ${JSON.stringify(version)}, not 1 or 2`);
  if (!Array.isArray(shared)) throw stateReadError(path, 'shared is not as it should be');
  const state = { version: VERSION, ...written, resources: inlineShared({ shared, value: written['resources'] }) };
  if (isState(state)) return state;
  const wrong = isJsonObject(state) ? findWrongField(state, STATE_FIELDS) : null;
  throw stateReadError(path, `${wrong ?? 'a resource'} is not as it should be`);
}

/** The text of a state file: one line per resource, and what several of them have in common once, under `shared`. */
export function stateText({ version: _version, resources, ...head }: State): string {
  const { shared, value } = extractShared(resources);
  const lines = (items: unknown): string =>
    Array.isArray(items) && items.length > 0 ? `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]` : '[]';
  const fields = Object.entries({ version: VERSION, ...head }).map(
    ([key, field]) => `"${key}": ${JSON.stringify(field)}`,
  );
  return `{\n${[...fields, `"shared": ${lines(shared)}`, `"resources": ${lines(value)}`].join(',\n')}\n}\n`;
}

function parseStateJson(text: string, path: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw stateReadError(path, 'it is not JSON');
  }
}

function isState(value: unknown): value is State {
  if (!isJsonObject(value) || findWrongField(value, STATE_FIELDS) !== null) return false;
  const { lab, uid, resources } = value;
  if (typeof lab !== 'string' || !isName(lab) || typeof uid !== 'string' || !/^[0-9a-f]{8}$/.test(uid)) return false;
  return Array.isArray(resources) && resources.every(isStateEntry);
}

const isStateEntry = (value: unknown): value is StateEntry =>
  isJsonObject(value) && findWrongField(value, STATE_ENTRY_FIELDS) === null;

const findWrongField = (value: Spec, shape: StateFieldTypes): string | null =>
  Object.entries(shape).find(([key, field]) => !matchesFieldType(value[key], field))?.[0] ?? null;

function matchesFieldType(value: Json | undefined, field: StateFieldType): boolean {
  if (field === 'text') return typeof value === 'string';
  if (field === 'text?') return value === null || typeof value === 'string';
  if (field === 'object') return isJsonObject(value);
  if (field === 'object?') return value === null || isJsonObject(value);
  const fitsOne = field === 'texts' ? (item: unknown) => typeof item === 'string' : isJsonObject;
  return Array.isArray(value) && value.every(fitsOne);
}

function stateReadError(path: string, why: string): Error {
  return netformError('E_STATE', EXIT.internal, `${path} cannot be used: ${why}`, {
    hint: `restore it from a backup, or let go of the lab with netform forget ${basename(dirname(path))}`,
  });
}
