import { expect, test } from 'vitest';
import { chain, star } from '../../../bench/labs.ts';
import type { JournalBegin } from '../../../src/model/journal.ts';
import type { Resource } from '../../../src/model/resource.ts';
import type { State } from '../../../src/model/state.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { decodeJournalLine, encodeJournalLine } from '../../../src/store/journal-record.ts';
import { parseState, stateText } from '../../../src/store/state-schema.ts';

// The most that a namespace may cost with the defaults, names among them.
const STATE_BYTES = 2048;
const JOURNAL_BYTES = 4096;

test.each([100, 400, 1600])('a star of %i keeps at most 2 KB of state and 4 KB of journal per namespace', (count) => {
  const { state, begin } = recordsOf(star(count));
  expect(stateText(state).length / count).toBeLessThan(STATE_BYTES);
  expect(encodeJournalLine(begin).length / count).toBeLessThan(JOURNAL_BYTES);
});

test.each([50, 200])(
  'a row of %i routers, each with names in an order of its own, keeps at most 4 KB of state for each',
  (count) => {
    const { state, begin } = recordsOf(chain(count));
    expect(stateText(state).length / count).toBeLessThan(2 * STATE_BYTES);
    expect(encodeJournalLine(begin).length / count).toBeLessThan(2 * JOURNAL_BYTES);
    expect(parseState(stateText(state), 'state.json')).toEqual(state);
  },
);

test('a state and a journal that share values are read back as they were, with each value once in memory', () => {
  const { state, begin } = recordsOf(star(100));
  const read = parseState(stateText(state), 'state.json');
  expect(read).toEqual(state);
  expect(listsIn(read.resources)).toBe(listsIn(state.resources));
  expect(decodeJournalLine(encodeJournalLine(begin).trimEnd())).toEqual(begin);
});

test('the namespaces of one LAN have one list of names in memory, however many they are', () => {
  const lists = (count: number): number => listsIn(recordsOf(star(count)).state.resources);
  expect([lists(10), lists(900)]).toEqual([1, 1]);
});

test('namespaces that see other names have lists of their own', () => {
  expect(listsIn(recordsOf(chain(20)).state.resources)).toBeGreaterThanOrEqual(20);
});

/** The state of a lab, and the first record of the run that changes all of it. */
function recordsOf(text: string): { readonly state: State; readonly begin: JournalBegin } {
  const resources = resourcesOf(text);
  const state: State = {
    ...{ version: 2, lab: 'star', uid: '0a1b2c3d', bootId: 'b', file: null, appliedAt: '', topology: text },
    resources: resources.map(({ kind, id, netns, spec, dependsOn, within }) => ({
      ...{ kind, id, netns, spec, dependsOn, within },
      before: null,
    })),
  };
  const begin: JournalBegin = {
    ...{ type: 'begin', version: 2, run: '0', command: 'apply', lab: 'star', uid: state.uid, bootId: 'b', at: '' },
    ...{ planHash: '', previous: state, confirm: null },
    subjects: state.resources.map(({ spec, before: _before, ...rest }) => ({ ...rest, intended: spec, before: spec })),
  };
  return { state, begin };
}

function resourcesOf(text: string): readonly Resource[] {
  const { topology, diagnostics } = loadTopology(text, { file: 'x.yaml', vars: {}, varFile: null });
  if (!topology) throw new Error(JSON.stringify(diagnostics));
  return compileLab(elaborateTopology(topology, {}));
}

/** How many lists of lines the name files of some resources have between them. */
function listsIn(resources: State['resources']): number {
  const files = resources.flatMap(({ kind, spec }) => (kind === 'names' ? Object.values(spec['files'] ?? {}) : []));
  return new Set(files).size;
}
