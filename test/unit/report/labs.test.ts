import { expect, test } from 'vitest';
import { netformError } from '../../../src/model/error.ts';
import type { LabView, ResourceStatus, ResourceView } from '../../../src/model/results/lab-view.ts';
import { cliErrorText, toCliError } from '../../../src/report/text/cli-error.ts';
import { plainPaint } from '../../../src/report/text/colour.ts';
import { labsText, labText } from '../../../src/report/text/labs.ts';

const resource = (status: ResourceStatus, netns: string, name: string): ResourceView => ({
  ...{ id: `veth:${netns}/${name}`, kind: 'veth', netns, status, recorded: {}, found: {}, changes: [] },
  lines: [{ sign: '+', netns, noun: 'veth', name, text: '' }],
});

const view = (...resources: readonly ResourceView[]): LabView => ({
  ...{ lab: 'a', uid: '12345678', file: null, appliedAt: '2026-01-02T03:04:05.678Z', resources, extras: [] },
});

test('a lab is shown host first, each resource with whether it is as recorded', () => {
  const shown = view(
    resource('ok', 'red', 'eth0'),
    resource('missing', 'host', 'x'),
    resource('changed', 'red', 'eth1'),
  );
  expect(
    labText(shown, { paint: plainPaint, isFull: false }),
  ).toBe(`a   from standard input, applied 2026-01-02 03:04 UTC

  host
    missing   veth   x
  red
    ok        veth   eth0
    changed   veth   eth1

3 resources: 1 ok, 1 changed, 1 missing.
`);
});

test('H13: in many namespaces, what is as recorded in all of them is one line', () => {
  const many = Array.from({ length: 50 }, (_, i) => resource(i === 7 ? 'missing' : 'ok', `n${i}`, 'eth0'));
  const text = labText(view(...many), { paint: plainPaint, isFull: false });
  expect(text).toContain(`
  49 namespaces, all but n7
    ok        veth   eth0
  n7
    missing   veth   eth0

netform show --full shows each line.
50 resources: 49 ok, 0 changed, 1 missing.
`);
  expect(labText(view(...many), { paint: plainPaint, isFull: true })).toContain('\n  n6\n    ok        veth   eth0\n');
});

const options = { paint: plainPaint, width: Number.POSITIVE_INFINITY };

test('labs are a table', () => {
  const labs = [view(resource('ok', 'host', 'x')), view(resource('missing', 'host', 'x'))];
  expect(labsText({ labs, rolledBack: [] }, options)).toBe(
    `LAB   RESOURCES        APPLIED                FILE
a     1, as recorded   2026-01-02 03:04 UTC   from standard input
a     1, 1 missing     2026-01-02 03:04 UTC   from standard input
`,
  );
});

test('M15: list counts as show does', () => {
  const some = view(resource('ok', 'red', 'a'), resource('foreign', 'red', 'b'), resource('foreign', 'red', 'c'));
  expect(labText(some, { paint: plainPaint, isFull: false })).toContain(
    '3 resources: 1 ok, 0 changed, 0 missing, 2 foreign.\n',
  );
  expect(labsText({ labs: [some], rolledBack: [] }, options)).toContain('\na     3, 2 foreign   2026');
});

test('L10: a file that was moved or deleted is marked', () => {
  const gone: LabView = { ...view(resource('ok', 'red', 'a')), file: '/root/lab.yaml', isFileMissing: true };
  expect(labsText({ labs: [gone], rolledBack: [] }, options)).toContain('   /root/lab.yaml (moved or deleted)\n');
  expect(labText(gone, { paint: plainPaint, isFull: false })).toContain(
    'a   /root/lab.yaml (moved or deleted), applied',
  );
});

test('M12: on a narrow terminal the file of a lab has a line of its own', () => {
  const one: LabView = { ...view(resource('ok', 'red', 'a')), file: `/root/${'x'.repeat(40)}/lab.yaml` };
  expect(labsText({ labs: [one], rolledBack: [] }, { ...options, width: 80 })).toBe(
    `LAB   RESOURCES        APPLIED
a     1, as recorded   2026-01-02 03:04 UTC
  ${one.file}
`,
  );
});

test('M21: a run that was rolled back later stands below the list', () => {
  const rolledBack = [{ lab: 'a', message: '`apply lab.yaml` of … was rolled back' }];
  expect(labsText({ labs: [], rolledBack }, options)).toBe(
    'There is no lab on this machine.\na: `apply lab.yaml` of … was rolled back\n',
  );
  expect(labsText({ labs: [view()], rolledBack }, options)).toMatch(/standard input\n\na: `apply/);
});

test('an error says what, the code, the details and what to do next; a bug of ours asks for a report', () => {
  const error = netformError('E_LOCKED', 8, 'netform is at work\u001b[2J', { hint: 'wait', details: ['since noon'] });
  expect(cliErrorText(toCliError(error))).toBe(
    'netform: netform is at work\\x1b[2J [E_LOCKED]\n  since noon\n  = wait\n',
  );
  const bug = toCliError(new TypeError('x is undefined'));
  expect(bug).toMatchObject({ code: 'E_INTERNAL', exitCode: 1, hint: expect.stringContaining('report it') });
  expect(bug.details[0]).toMatch(/^at /);
});
