import { describe, expect, test } from 'vitest';
import type { LabSyncState, ReconcileState } from '../../../src/model/results/reconcile-state.ts';
import { NEW_RECORD } from '../../../src/reconcile/lab-records.ts';
import { metricsText } from '../../../src/reconcile/metrics.ts';
import { dueNotices, noteDelivery } from '../../../src/reconcile/notices.ts';

const ORDERS = { suspended: null, approved: [] };
const MINUTE = 60_000;
const stateOf = (state: LabSyncState, commit = 'c1', notices: ReconcileState['notices'] = {}): ReconcileState => ({
  ...{
    version: 1,
    file: '/etc/netform/reconcile.d/x.yaml',
    applied: null,
    tip: null,
    unreachable: null,
    refusal: null,
  },
  ...{ stopped: null, notices, run: null },
  labs: { a: { ...NEW_RECORD, status: { state, commit, reason: null, problem: null, since: 0 } } },
});

/** The notices of some runs, each with the state of the lab, the commit and the minute. */
function play(runs: readonly (readonly [LabSyncState, string, number])[]): readonly string[] {
  let notices: ReconcileState['notices'] = {};
  return runs.flatMap(([state, commit, minute]) => {
    const now = minute * MINUTE;
    const due = dueNotices(stateOf(state, commit, notices), ORDERS, { receivers: ['command'], now });
    for (const one of due) notices = noteDelivery(notices, one, { receiver: 'command', now });
    return due.map(({ notice }) => `${minute} ${notice.state} ${notice.commit}`);
  });
}

describe('notices', () => {
  test('one for each change of state', () => {
    expect(
      play([
        ['synced', 'c1', 0],
        ['synced', 'c1', 1],
        ['failed', 'c2', 2],
        ['failed', 'c2', 3],
        ['synced', 'c3', 4],
      ]),
    ).toEqual(['0 synced c1', '2 failed c2', '4 synced c3']);
  });

  test('what stays wrong is said again each hour, what is right is not', () => {
    const minutes = Array.from({ length: 130 }, (_, i) => i);
    expect(play(minutes.map((i) => ['failed', 'c1', i] as const))).toEqual([
      '0 failed c1',
      '60 failed c1',
      '120 failed c1',
    ]);
    expect(play(minutes.map((i) => ['synced', 'c1', i] as const))).toEqual(['0 synced c1']);
  });

  test('healing again and again is one state, said each hour', () => {
    const runs = Array.from({ length: 65 }, (_, i) => [i % 2 === 0 ? 'healed' : 'synced', 'c1', i] as const);
    expect(play(runs)).toEqual(['0 healed c1', '60 healed c1']);
  });

  test('what was not delivered is due again, for that receiver alone', () => {
    const options = { receivers: ['webhook', 'command'], now: 0 };
    const [due] = dueNotices(stateOf('failed'), ORDERS, options);
    expect(due?.receivers).toEqual(['webhook', 'command']);
    const notices = due ? noteDelivery({}, due, { receiver: 'command', now: 0 }) : {};
    expect(dueNotices(stateOf('failed', 'c1', notices), ORDERS, options).map(({ receivers }) => receivers)).toEqual([
      ['webhook'],
    ]);
  });

  test('suspended is a notice of its own, and never in sync', () => {
    const orders = { suspended: { by: 'eve', since: 0, why: 'maintenance' }, approved: [] };
    const due = dueNotices(stateOf('synced'), orders, { receivers: ['command'], now: 0 });
    expect(due.map(({ notice }) => [notice.lab, notice.state, notice.problem])).toContainEqual([
      null,
      'suspended',
      'suspended by eve: maintenance',
    ]);
    expect(metricsText('x', stateOf('synced'), orders)).toContain('netform_lab_in_sync{reconcile="x",lab="a"} 0\n');
    expect(metricsText('x', stateOf('synced'), ORDERS)).toContain('netform_lab_in_sync{reconcile="x",lab="a"} 1\n');
  });
});
