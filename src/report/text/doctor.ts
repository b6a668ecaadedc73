import type { DoctorFacts } from '../../model/doctor/doctor-facts.ts';
import type { DoctorFinding } from '../../model/doctor/doctor-finding.ts';
import type { Json } from '../../model/json.ts';
import type { LabView } from '../../model/results/lab-view.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import type { Paint, TextStyle } from './colour.ts';
import { isInSync } from './labs.ts';

/** What doctor found, what it fixed, and the facts about the kernel; null: it did not read them. */
export type DoctorReport = {
  readonly found: readonly DoctorFinding[];
  readonly fixed: readonly DoctorFinding[];
  readonly survey: DoctorFacts | null;
  /** The labs that it looked at, compared with their records. */
  readonly compared: readonly LabView[];
};

/** Each finding with what it breaks, where it is and the commands that fix it; then what the kernel supports. */
export function doctorText({ found, fixed, survey, compared }: DoctorReport, paint: Paint): string {
  const parts = [
    ...fixed.map((one) => `${paint('green', 'fixed')}   ${escapeControl(one.what)}\n`),
    ...found.map((one) => findingText(one, paint)),
  ];
  const sum = summaryText(found, compared);
  return `${[...parts, `${sum}\n`].join('\n')}${survey === null ? '' : featureText(survey, paint)}`;
}

/** The report of doctor as data. */
export const doctorJson = ({ found, fixed, survey }: DoctorReport): { readonly [key: string]: Json } => ({
  findings: found.map(findingJson),
  mended: fixed.map(findingJson),
  kernel: survey === null ? null : { release: survey.kernel, features: Object.fromEntries(survey.features) },
});

const findingJson = ({ name, severity, what, breaks, where, remedy, fix }: DoctorFinding): Json => ({
  name,
  severity,
  what,
  breaks,
  where,
  remedy,
  fixable: fix !== null,
});

function findingText({ name, severity, what, breaks, where, remedy, fix }: DoctorFinding, paint: Paint): string {
  const [first = '', ...more] = remedy;
  const lines = [
    `${paint(STYLES[severity], severity.padEnd(7))}  ${paint('bold', escapeControl(what))} ${paint('dim', `[${name}]`)}`,
    `         ${escapeControl(breaks)}`,
    `         where: ${escapeControl(where)}`,
    `         fix:   ${escapeControl(first)}${fix === null ? '' : '   (or: netform doctor --fix)'}`,
    ...more.map((line) => `                ${escapeControl(line)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const STYLES: { readonly [severity in DoctorFinding['severity']]: TextStyle } = { error: 'red', warning: 'yellow' };

/** `No problem found on this machine, and lab is as applied.`, or what of the labs is not as applied. */
function summaryText(found: readonly DoctorFinding[], compared: readonly LabView[]): string {
  const drifted = compared.filter((view) => !isInSync(view)).map(driftText);
  const same = compared.filter(isInSync).map(({ lab }) => lab);
  const verb = same.length === 1 ? 'is' : 'are';
  const applied = same.length === 0 ? '' : `${same.join(', ')} ${verb} as applied`;
  if (found.length > 0) return [countText(found), applied && `${applied}.`, ...drifted].filter(Boolean).join(' ');
  const clean = `No problem found on this machine${applied === '' ? '' : `, and ${applied}`}.`;
  return [clean, ...drifted].join(' ');
}

function driftText({ lab, resources }: LabView): string {
  const wrong = resources.filter(({ status }) => status !== 'ok').length;
  const of = `of the ${resources.length} resources of ${lab}`;
  return `${wrong} ${of} ${wrong === 1 ? 'is' : 'are'} not as applied: netform show ${lab}`;
}

function countText(found: readonly DoctorFinding[]): string {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${found.length - errors} ${found.length - errors === 1 ? 'warning' : 'warnings'}.`;
}

function featureText({ kernel, features }: DoctorFacts, paint: Paint): string {
  const names = (there: boolean) => [...features].filter(([, one]) => one === there).map(([name]) => name);
  const missing = names(false);
  const lacks = missing.length === 0 ? '' : `; not ${missing.join(', ')}`;
  return paint('dim', `Linux ${escapeControl(kernel)} has ${names(true).join(', ')}${lacks}\n`);
}
