import { CAPABILITIES_DROPPED, type ProcessDescription, type ProcessTerms } from '../../model/kernel/lab-process.ts';
import { shellWord } from '../../model/values/shell-word.ts';

/** A description with terms: of a program of the user's. */
export type TermedDescription = ProcessDescription & { readonly terms: ProcessTerms };

/** The descriptor from which the script reads what the program writes. */
export const OUTPUT_FD = 3;

/** The names in the folder of a process: what its script writes there. */
export const PROGRAM_FILES = { main: 'main', exit: 'exit', service: 'service', restarts: 'restarts' } as const;

/** The parts of the output, oldest first: each is begun when the one before is full. */
export const LOG_PARTS = ['log.2', 'log.1', 'log'] as const;

// Each part ends after so many reads of at most a kibibyte: lines that come one by one are a read each.
const READ_BYTES = 1024;
const READS_A_PART = 512;

/**
 * The script of a program of the user's, for the words after `sh -c`: starts it as a child, keeps the last parts of what it
 * writes, and writes down its number and, when it has ended, its exit code. It never starts it again: that is done by runsv of
 * runit, which then is the child. `folder`: of the process.
 */
export function programScript(description: TermedDescription, folder: string): string {
  const { restart } = description.terms;
  const file = (name: string) => shellWord(`${folder}/${name}`);
  const child = restart === 'never' ? programCommand(description) : `exec runsv ${file(PROGRAM_FILES.service)}`;
  return [
    'exec </dev/null',
    `{ ${child}; } ${OUTPUT_FD}<&- &`,
    `echo $! >${file(`${PROGRAM_FILES.main}.new`)} && mv ${file(`${PROGRAM_FILES.main}.new`)} ${file(PROGRAM_FILES.main)}`,
    'exec >/dev/null 2>&1',
    `while dd bs=${READ_BYTES} count=${READS_A_PART} status=none <&${OUTPUT_FD} >${file('log')} && [ -s ${file('log')} ]; do`,
    `  mv ${file('log.1')} ${file('log.2')}; mv ${file('log')} ${file('log.1')}`,
    'done',
    'wait $!',
    `echo $? >${file(`${PROGRAM_FILES.exit}.new`)} && mv ${file(`${PROGRAM_FILES.exit}.new`)} ${file(PROGRAM_FILES.exit)}`,
  ].join('\n');
}

/** The two scripts of a service of runsv(8): how it is started, and what is done when it has ended (its exit code is `$1`). */
export function serviceScripts(description: TermedDescription, folder: string): { readonly [name: string]: string } {
  const restarts = shellWord(`${folder}/${PROGRAM_FILES.restarts}`);
  const exit = shellWord(`${folder}/${PROGRAM_FILES.exit}`);
  const finish = [
    '#!/bin/sh',
    `echo "$1" >${exit}`,
    // runsv(8): d in its control pipe says that it is not to be started again.
    ...(description.terms.restart === 'on-failure' ? ['[ "$1" = 0 ] && printf d >supervise/control && exit 0'] : []),
    `echo $(($(cat ${restarts} 2>/dev/null || echo 0) + 1)) >${restarts}`,
    '',
  ];
  return { run: ['#!/bin/sh', 'exec 2>&1', programCommand(description), ''].join('\n'), finish: finish.join('\n') };
}

/** The words of a shell that become the program: in its folder, as its user, with the capabilities that it may have. */
function programCommand({ command, terms, prepare }: TermedDescription): string {
  const prepared = prepare.map((one) => `${words(one.command)} || exit 126; `).join('');
  return `cd ${shellWord(terms.workdir)} || exit 126; ${prepared}exec ${programWords({ command, terms })}`;
}

/** The program with what changes its user and capabilities before it (setpriv(1)). */
export function programWords({ command, terms }: Pick<TermedDescription, 'command' | 'terms'>): string {
  const { user, capabilities } = terms;
  const dropped = CAPABILITIES_DROPPED.filter((name) => !capabilities.includes(name)).map((name) => `-${name}`);
  const bounding = dropped.length === 0 ? [] : ['--bounding-set', dropped.join(',')];
  if (user === null || user === 'root' || user === '0')
    return words(bounding.length === 0 ? command : ['setpriv', ...bounding, '--', ...command]);
  const given = capabilities.map((name) => `+${name}`).join(',');
  const ambient = given === '' ? [] : ['--inh-caps', given, '--ambient-caps', given];
  const group = `"$(id -g ${shellWord(user)})"`;
  const own = `--reuid ${shellWord(user)} --regid ${group} --init-groups`;
  return `setpriv ${own} ${words([...bounding, ...ambient, '--', ...command])}`;
}

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
