import { expect, test } from 'vitest';
import { incompleteRunError, runFailureError } from '../../../src/pipeline/run/run-errors.ts';

const failure = (id: string, message: string) => ({
  operation: {
    ...{ action: 'delete' as const, kind: 'attachment', id, netns: 'pod1', before: {}, after: null, changes: [] },
    ...{ dependsOn: [], within: [], note: null, cause: 'file' as const, takenBy: null, origin: null },
  },
  instruction: null,
  code: 'ECNI',
  message,
});
const [add, del] = [failure('attachment:pod1/eth0', 'ADD failed'), failure('attachment:pod1/eth0', 'DEL failed')];
const run = {
  plan: { lab: 'lab', uid: '0123abcd', read: { namespaces: 0, ms: 0 }, stages: [] },
  diagnostics: [],
  recorded: null,
  remaining: [],
  rollback: null,
};

test('what fails in the same way each time it is tried is said once', () => {
  const rollback = { status: 'failed' as const, failures: [del, del, del], remaining: [del.operation] };
  const failed = runFailureError({ ...run, status: 'failed', failures: [add, add], rollback }, null);
  expect([failed.message, ...(failed.details ?? [])]).toEqual([
    'attachment:pod1/eth0: ADD failed [ECNI]',
    'attachment:pod1/eth0: DEL failed [ECNI]',
    'some changes could not be rolled back; remaining:',
    'attachment:pod1/eth0: still to delete',
  ]);
  expect(incompleteRunError({ ...run, status: 'failed', failures: [del, del] }).details).toEqual([
    'attachment:pod1/eth0: DEL failed [ECNI]',
  ]);
});
