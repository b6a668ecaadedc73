import { doctorRules } from './index.ts';

/** docs/troubleshooting-doctor.md. */
export const doctorPage = (): string =>
  [
    '# What netform doctor looks for',
    '',
    '`netform doctor` reads what this machine does to labs and changes nothing. Each finding says what it breaks, which rule',
    "or file it is, and the lines for sh that mend it. `--fix` mends what is netform's own (leftovers of killed runs); what",
    'belongs to others is left for you to decide. Given a file or the name of a lab it looks at what that lab needs. The exit',
    'code is 6 when something is found.',
    '',
    'This page is generated from `src/doctor`.',
    ...doctorRules.flatMap(({ name, title, explain }) => ['', `## ${name}`, '', `**${title}.** ${explain}`]),
    '',
  ].join('\n');
