import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { PROGRAM_PATH } from '../../../model/kernel/program-path.ts';
import { shellWord } from '../../../model/values/shell-word.ts';
import { PROGRAM_FILES, programWords, type TermedDescription } from '../program-script.ts';
import { optionText, type SeenMount } from '../seen-files.ts';
import { isTermed } from '../spawn-program.ts';

/** What the script of a unit needs to know besides the description of its program. */
export type UnitScriptContext = {
  /** Of the process. */
  readonly folder: string;
  /** With the values that are not shown. */
  readonly environment: { readonly [name: string]: string };
  readonly mounts: readonly SeenMount[];
};

/**
 * The script that a unit of systemd starts, in mounts and the network of its own: it gives the program its environment, the
 * files that it sees and its folders, writes down its own number, and becomes the program. When systemd starts it again
 * after an end, that is counted.
 */
export function unitScript(
  description: ProcessDescription,
  { folder, environment, mounts }: UnitScriptContext,
): string {
  const { command, prepare, check, privateFolders } = description;
  const file = (name: string) => shellWord(`${folder}/${name}`);
  const { main, exit, restarts } = PROGRAM_FILES;
  const variables = Object.entries({ PATH: PROGRAM_PATH, LC_ALL: 'C', ...environment });
  return [
    ...variables.map(([name, value]) => `export ${name}=${shellWord(value)}`),
    `[ ! -e ${file(exit)} ] || echo $(($(cat ${file(restarts)} 2>/dev/null || echo 0) + 1)) >${file(restarts)}`,
    ...(isTermed(description) ? mountLines(description, mounts) : []),
    ...Object.entries(privateFolders).map(([path, source]) => `mount --bind ${words([source, path])} || exit 126`),
    // For people; where there is no unit, it is the number of a parent.
    `echo $$ >${file('pid')}`,
    `echo $$ >${file(`${main}.new`)} && mv ${file(`${main}.new`)} ${file(main)}`,
    `cd ${shellWord(isTermed(description) ? description.terms.workdir : '/')} || exit 126`,
    ...prepare.map(({ creates, command: one }) => {
      const unless = creates === null ? '' : `[ -e ${shellWord(creates)} ] || `;
      return `${unless}${words(one)} || exit 126`;
    }),
    ...(check ? [`${words(check)} || exit 126`] : []),
    `exec ${isTermed(description) ? programWords(description) : words(command)}`,
    '',
  ].join('\n');
}

/** The mounts that `unshareMounts` makes for a child of ours, as lines of a shell. */
function mountLines({ netns }: TermedDescription, mounts: readonly SeenMount[]): readonly string[] {
  const tmp = 'mount -t tmpfs -o mode=1777 tmpfs /tmp || exit 126';
  if (netns === 'host') return [tmp];
  const sys = `mount -t sysfs`;
  return [
    tmp,
    `if umount -l /sys 2>/dev/null; then ${sys} ${netns} /sys; else ${sys} ${netns} /sys 2>/dev/null || ${sys} -o ro ${netns} /sys; fi`,
    ...mounts.flatMap(seenLines),
    `for file in /etc/netns/${netns}/*; do`,
    `  [ ! -e "$file" ] || [ ! -e "/etc/\${file##*/}" ] || mount --bind "$file" "/etc/\${file##*/}"`,
    'done',
  ];
}

/** Mounts in a folder that an overlay covers are kept at another place for that time, and then mounted again. */
function seenLines({ is, source, at }: SeenMount): readonly string[] {
  if (is === 'file') return [`mount --bind ${words([source, at])} || exit 126`];
  const kept = '/tmp/.netform';
  return [
    `mkdir ${kept} && mount --rbind ${shellWord(at)} ${kept} || exit 126`,
    `mount -t overlay -o ${shellWord(`ro,lowerdir=${optionText(source)}:${optionText(at)}`)} overlay ${shellWord(at)} || exit 126`,
    'while read -r _ _ _ _ point _; do',
    '  point=$(printf %b "$point")',
    `  case $point in ${kept}/*) mount --rbind "$point" ${shellWord(at)}"\${point#${kept}}" ;; esac`,
    'done </proc/self/mountinfo',
    `umount -R -l ${kept} && rmdir ${kept}`,
  ];
}

/**
 * The script that systemd runs when a program has ended: it writes down its exit code, 128+n of one that signal n ended
 * (systemd.exec(5), EXIT_STATUS, has the name of the signal).
 */
export function endScript(folder: string): string {
  const file = (name: string) => shellWord(`${folder}/${name}`);
  const { exit } = PROGRAM_FILES;
  return [
    'if [ "$EXIT_CODE" != exited ]; then',
    '  number=1',
    '  while [ $number -lt 64 ] && [ "$(kill -l $number)" != "$EXIT_STATUS" ]; do number=$((number + 1)); done',
    '  EXIT_STATUS=$((128 + number))',
    'fi',
    `echo "$EXIT_STATUS" >${file(`${exit}.new`)} && mv ${file(`${exit}.new`)} ${file(exit)}`,
    '',
  ].join('\n');
}

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
