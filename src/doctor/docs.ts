import { doctorRules } from './index.ts';

/** docs/troubleshooting-doctor.md. */
export const doctorPage = (): string =>
  [
    '# What netform doctor looks for',
    '',
    '`netform doctor` looks for settings of this machine that break labs, and changes nothing. Each finding says what it',
    'breaks, names the rule or file, and prints the commands for sh that fix it. `--fix` fixes what belongs to netform',
    '(leftovers of killed runs); the rest is left for you to decide. Given a file or the name of a lab, it checks what that',
    'lab needs. The exit code is 6 when there is a finding.',
    '',
    'This page is generated from `src/doctor`.',
    ...doctorRules.flatMap(({ name, title, explain }) => ['', `## ${name}`, '', `**${title}.** ${explain}`]),
    '',
  ].join('\n');
