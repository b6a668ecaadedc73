import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateEntry } from '../../../src/model/kind.ts';
import type { State } from '../../../src/model/state.ts';
import { findSharedIds, transferPriorValues } from '../../../src/store/shared-resources.ts';
import { listStates, readState, removeState, writeState } from '../../../src/store/state.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netform-store-'));
  store = openStore({
    state: join(folder, 'lib', 'netform'),
    run: join(folder, 'run', 'netform'),
    owner: process.getuid?.() ?? 0,
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const stateOf = (lab: string, resources: readonly StateEntry[] = []): State => ({
  ...{ version: 2, lab, uid: '0a1b2c3d', bootId: 'b', file: null, appliedAt: '2026-01-01T00:00:00Z' },
  ...{ topology: `name: ${lab}\n`, resources },
});

const forwarding = (before: string): StateEntry => ({
  ...{ kind: 'sysctl', id: 'sysctl:host/net.ipv4.ip_forward', netns: 'host', dependsOn: [], within: [] },
  ...{ spec: { value: '1' }, before: { value: before } },
});

const beforeOf = (lab: string) => readState(store, lab)?.resources[0]?.before;

describe('the state of a lab', () => {
  test('is read back as it was written, and nobody else may read it', () => {
    const state = stateOf('red', [forwarding('0')]);
    writeState(store, stateOf('red'));
    writeState(store, state);
    expect(readState(store, 'red')).toEqual(state);
    const path = join(store.state, 'red');
    expect([store.state, path, join(path, 'state.json')].map((one) => statSync(one).mode & 0o777)).toEqual([
      0o700, 0o700, 0o600,
    ]);
    expect(readdirSync(path)).toEqual(['state.json']);
  });

  test('is null where there is none, and reading makes nothing', () => {
    expect([readState(store, 'red'), listStates(store)]).toEqual([null, []]);
    expect(existsSync(store.state)).toBe(false);
  });

  test('is forgotten with its folder, unless something else is in it', () => {
    for (const lab of ['red', 'blue']) writeState(store, stateOf(lab));
    writeFileSync(join(store.state, 'blue', 'journal'), '');
    expect(listStates(store)).toEqual(['blue', 'red']);
    for (const lab of ['red', 'blue', 'never']) removeState(store, lab);
    expect(listStates(store)).toEqual([]);
    expect(readdirSync(store.state)).toEqual(['blue']);
  });

  test.each([
    ['half a file', '{"version":1,"lab":"red"', /not JSON/],
    ['a newer one', JSON.stringify({ ...stateOf('red'), version: 3 }), /version 3, not 1 or 2/],
    ['a wrong field', JSON.stringify({ ...stateOf('red'), bootId: 7 }), /bootId is not as it should be/],
    ['a wrong uid', JSON.stringify({ ...stateOf('red'), uid: '../../x' }), /not as it should be/],
    ['a wrong resource', JSON.stringify(stateOf('red', [{ ...forwarding('0'), within: 'x' } as never])), /resource/],
  ])('is refused when it is %s', (_what, text, message) => {
    writeState(store, stateOf('red'));
    writeFileSync(join(store.state, 'red', 'state.json'), text);
    expect(() => readState(store, 'red')).toThrow(message);
  });

  test('never leaves the folder: a name that is a path is our own bug', () => {
    expect(() => readState(store, '../red')).toThrow(/invariant/);
  });
});

describe('a folder that somebody else could have planted is refused', () => {
  const planted: { readonly [what: string]: () => void } = {
    'a symbolic link as the root': () => plantLink(store.state),
    'a symbolic link as the lab': () => {
      mkdirSync(store.state, { recursive: true, mode: 0o700 });
      plantLink(join(store.state, 'red'));
    },
    'a folder that others can write': () => {
      mkdirSync(store.state, { recursive: true });
      chmodSync(store.state, 0o777);
    },
    'a file': () => {
      mkdirSync(join(folder, 'lib'));
      writeFileSync(store.state, '');
    },
  };

  test.each(Object.entries(planted))('refuses %s', (_what, plant) => {
    plant();
    expect(() => writeState(store, stateOf('red'))).toThrow(expect.objectContaining({ code: 'E_UNSAFE_FOLDER' }));
    expect(() => readState(store, 'red')).toThrow(expect.objectContaining({ code: 'E_UNSAFE_FOLDER' }));
  });

  test('one of another owner', () => {
    writeState(store, stateOf('red'));
    expect(() => readState({ ...store, owner: store.owner + 1 }, 'red')).toThrow(/belongs to the user id/);
  });

  test('a state file that is a symbolic link', () => {
    writeState(store, stateOf('red'));
    rmSync(join(store.state, 'red', 'state.json'));
    symlinkSync('/etc/passwd', join(store.state, 'red', 'state.json'));
    expect(() => readState(store, 'red')).toThrow(expect.objectContaining({ code: 'E_UNSAFE_FILE' }));
  });

  function plantLink(path: string): void {
    mkdirSync(join(folder, 'elsewhere'));
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), path);
  }
});

describe('what several labs hold', () => {
  test('is known by id', () => {
    writeState(store, stateOf('red', [forwarding('0')]));
    writeState(store, stateOf('blue'));
    expect(findSharedIds(store, 'blue', [])).toEqual(new Set(['sysctl:host/net.ipv4.ip_forward']));
    expect(findSharedIds(store, 'red', [])).toEqual(new Set());
  });

  test('the first to go hands the machine’s own value to the one that found its value', () => {
    writeState(store, stateOf('red', [forwarding('0')]));
    writeState(store, stateOf('blue', [forwarding('1')]));
    transferPriorValues(store, 'red', [forwarding('0')]);
    expect(beforeOf('blue')).toEqual({ value: '0' });
  });

  test('the last to come hands nothing over', () => {
    writeState(store, stateOf('red', [forwarding('0')]));
    writeState(store, stateOf('blue', [forwarding('1')]));
    transferPriorValues(store, 'blue', [forwarding('1')]);
    expect(beforeOf('red')).toEqual({ value: '0' });
  });
});

test('a state is read once, and again when somebody has written it', () => {
  writeState(store, stateOf('red', [forwarding('0')]));
  const first = readState(store, 'red');
  expect(readState(store, 'red')).toBe(first);
  writeState(store, stateOf('red', [forwarding('1')]));
  expect(readState(store, 'red')).toEqual(stateOf('red', [forwarding('1')]));
  const path = join(store.state, 'red', 'state.json');
  writeFileSync(path, JSON.stringify(stateOf('red', [forwarding('0')])));
  expect(readState(store, 'red')).toEqual(first);
  expect(readState(store, 'red')).not.toBe(first);
});
