import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fstatSync, lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessDescription, processFolder } from '../../../model/kernel/lab-process.ts';
import { PROGRAM_PATH } from '../../../model/kernel/program-path.ts';
import { splitList } from '../../../model/values/group-by.ts';
import { catchErrno, sysError } from '../../errno.ts';
import { setCloseOnExec } from '../../libc.ts';
import { netnsPath } from '../../netns/netns.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import type { ProcessKey, ProcessUnit } from '../process-record.ts';
import { copyFolderRights, findSeenFiles, seenMounts } from '../seen-files.ts';
import { labSlice, NETFORM_SLICE, sliceCgroup, unitName, unitRestart } from './unit-name.ts';
import { endScript, unitScript } from './unit-script.ts';

const STOP_SECONDS = 3;
const TIMEOUT_MS = 30_000;
/** systemd ends them side by side. */
const UNITS_A_CALL = 100;

/** The unit that a new process will be where there can be units; null: its namespace has no name for systemd. */
export function chooseUnit({ lab, netns, name }: ProcessKey, session: NetnsSession): ProcessUnit | null {
  if (!isNamed(session)) return null;
  return { name: unitName(lab, netns, name), token: randomBytes(8).toString('hex'), begun: Date.now() * 1000 };
}

/** The control group of a unit. */
export const unitCgroup = ({ lab }: ProcessKey, { name }: ProcessUnit): string => join(sliceCgroup(lab), name);

/** Whether what /run/netns has under its name is it. */
function isNamed({ netns, fd }: NetnsSession): boolean {
  if (netns === 'host') return true;
  const named = catchErrno(['ENOENT'], () => statSync(netnsPath(netns)));
  return named !== null && named.ino === fstatSync(fd).ino;
}

/**
 * Starts a process as a transient unit, as it was written down. systemd looks for the script of that start first: once it is
 * gone, a start that was asked for and not made yet is none. Throws ECHILD with what systemd says.
 */
export function startUnit(
  key: ProcessKey,
  description: ProcessDescription,
  { unit, environment }: { readonly unit: ProcessUnit; readonly environment: { readonly [name: string]: string } },
): void {
  const { lab, netns, name } = key;
  const folder = processFolder(lab, netns, name);
  const files = description.terms && netns !== 'host' ? findSeenFiles(netns) : null;
  const mounts = files === null ? [] : seenMounts(files);
  copyFolderRights(mounts);
  const script = startScript(key, unit);
  writeFileSync(script, unitScript(description, { folder, environment, mounts }), { mode: 0o600 });
  writeFileSync(join(folder, END_SCRIPT), endScript(folder), { mode: 0o600 });
  const place = netns === 'host' ? [] : [`NetworkNamespacePath=${netnsPath(netns)}`];
  const properties = [
    'Type=exec',
    'KillMode=mixed',
    `TimeoutStopSec=${STOP_SECONDS}s`,
    'MountFlags=slave',
    ...place,
    `Restart=${unitRestart(description.terms?.restart)}`,
    'RestartSec=1s',
    'StartLimitIntervalSec=0',
    `SyslogIdentifier=${name}`,
    `ExecCondition=/usr/bin/test -e ${script}`,
    `ExecStopPost=-/bin/sh ${join(folder, END_SCRIPT)}`,
  ];
  // It ends with netform (setpriv(1)): a killed one starts nothing any more.
  const { status, stderr } = run('setpriv', [
    ...['--pdeathsig=KILL', 'systemd-run', '--quiet', '--collect', `--unit=${unit.name}`, `--slice=${labSlice(lab)}`],
    `--description=${name} in ${netns}, of the netform lab ${lab} (${unit.token})`,
    ...properties.map((one) => `--property=${one}`),
    // Nothing of the environment that systemd gives units.
    ...['--', '/usr/bin/env', '-i', '/bin/sh', script],
  ]);
  if (status !== 0) throw sysError('ECHILD', `systemd does not start ${name}: ${stderr.trim()}`);
}

const END_SCRIPT = 'ended';

const startScript = ({ lab, netns, name }: ProcessKey, { token }: ProcessUnit): string =>
  join(processFolder(lab, netns, name), `start-${token}`);

/** Ends units with all that is in them: asked first, killed after some seconds. A unit of such a name that is another's stays. */
export function stopUnits(units: readonly { readonly key: ProcessKey; readonly unit: ProcessUnit }[]): void {
  for (const { key, unit } of units) rmSync(startScript(key, unit), { force: true });
  for (const some of splitList(units, UNITS_A_CALL)) {
    const names = some.map(({ unit }) => unit.name);
    const { stdout } = run('systemctl', ['show', '--property=Id,Description', ...names]);
    const blocks = stdout.split('\n\n').map((block) => block.split('\n'));
    const ours = some.filter(({ unit: { name, token } }) =>
      blocks.some((lines) => lines.includes(`Id=${name}`) && lines.some((line) => line.endsWith(`(${token})`))),
    );
    if (ours.length > 0) run('systemctl', ['stop', ...ours.map(({ unit }) => unit.name)]);
  }
}

/** Removes the slice of a lab whose last unit has ended, and that of all labs after the last lab. What others put there keeps them. */
export function removeSlices(lab: string, { isLastLab }: { readonly isLastLab: boolean }): void {
  const cgroup = sliceCgroup(lab);
  if (!isPopulated(cgroup)) run('systemctl', ['stop', labSlice(lab)]);
  if (isLastLab && !isPopulated(join(cgroup, '..'))) run('systemctl', ['stop', NETFORM_SLICE]);
}

/** cgroups(7): whether a process is in a control group or one below it. */
const isPopulated = (cgroup: string): boolean =>
  /^populated 1$/m.test(
    catchErrno(['ENOENT', 'ENODEV'], () => readFileSync(join(cgroup, 'cgroup.events'), 'utf8')) ?? '',
  );

/** Whether systemd has the unit: it runs, is being started or ended, or waits to be started again. */
export const isUnitLoaded = ({ name }: Pick<ProcessUnit, 'name'>): boolean =>
  // A symbolic link to nothing: its target is the number of the invocation.
  lstatSync(`/run/systemd/units/invocation:${name}`, { throwIfNoEntry: false }) !== undefined;

function run(file: string, args: readonly string[]) {
  setCloseOnExec();
  const env = { PATH: PROGRAM_PATH, LC_ALL: 'C' };
  return spawnSync(file, args, { cwd: '/', env, timeout: TIMEOUT_MS, encoding: 'utf8' });
}
