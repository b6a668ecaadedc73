import type { DoctorFacts, ProgramSupport } from '../../model/doctor/doctor-facts.ts';
import type { DoctorFinding } from '../../model/doctor/doctor-finding.ts';
import type { Json } from '../../model/json.ts';
import type { LabView } from '../../model/results/lab-view.ts';
import type { LabWarnings } from '../../model/results/lab-warnings.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { Paint, TextStyle } from './colour.ts';
import { isInSync } from './labs.ts';

/** What doctor found, what it fixed, and the facts about the kernel; null: it did not read them. */
export type DoctorReport = {
  readonly found: readonly DoctorFinding[];
  readonly fixed: readonly DoctorFinding[];
  readonly survey: DoctorFacts | null;
  /** Whether a lab that it looked at runs programs. */
  readonly hasPrograms: boolean;
  /** The labs that it looked at, compared with their records. */
  readonly compared: readonly LabView[];
  /** Of these, the labs whose topologies have warnings. */
  readonly warned: readonly LabWarnings[];
};

/** Each finding with what it breaks, where it is and the commands that fix it; then how far the labs are as applied, and how their programs run. */
export function doctorText(report: DoctorReport, paint: Paint): string {
  const { found, fixed, compared, warned, survey, hasPrograms } = report;
  const parts = [
    ...fixed.map((one) => `${paint('green', 'fixed')}   ${escapeControl(one.what)}\n`),
    ...found.map((one) => findingText(one, paint)),
  ];
  const programs = survey !== null && hasPrograms ? `${programsText(survey.programs)}\n` : '';
  return [...parts, `${summaryText({ found, compared, warned })}\n${programs}`].join('\n');
}

/** `Programs run as units of systemd.`; elsewhere how they are run, and what is missing. */
function programsText({ unitsProblem, hasCgroups, hasRunsv }: ProgramSupport): string {
  if (unitsProblem === null) return 'Programs run as units of systemd.';
  const how = hasCgroups ? 'in control groups of netform' : 'in sessions, without control groups';
  const again = hasRunsv
    ? 'runsv of runit starts them again'
    : 'nothing starts them again when they end, for runsv of runit is not installed';
  return `Programs run ${how}, because ${unitsProblem}; ${again}.`;
}

/** The report of doctor as data. */
export const doctorJson = ({ found, fixed, survey }: DoctorReport): { readonly [key: string]: Json } => ({
  findings: found.map(findingJson),
  mended: fixed.map(findingJson),
  programs: survey === null ? null : { ...survey.programs },
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

/**
 * One sentence a line: `No problem found on this machine, and lab is as applied.`, or what of the labs is not as applied;
 * then the warnings about their topologies.
 */
function summaryText({ found, compared, warned }: Pick<DoctorReport, 'found' | 'compared' | 'warned'>): string {
  const drifted = compared.filter((view) => !isInSync(view)).map(driftText);
  const same = compared.filter(isInSync).map(({ lab }) => lab);
  const applied = same.length === 0 ? '' : `${same.join(', ')} ${same.length === 1 ? 'is' : 'are'} as applied`;
  const first =
    found.length > 0
      ? [countText(found), applied && `${applied}.`].filter(Boolean).join(' ')
      : `No problem found on this machine${applied === '' ? '' : `, and ${applied}`}.`;
  const untested = compared.length === 0 ? [] : ['Reachability is not tested.'];
  return [first, ...drifted, ...warned.map(warningText), ...untested].join('\n');
}

function warningText({ lab, file, count }: LabWarnings): string {
  const command = file === null ? '' : `: netform validate ${shellWord(file)}`;
  return `The topology of ${lab} has ${count} ${count === 1 ? 'warning' : 'warnings'}${command}`;
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
