import { escapeControl } from '../../model/values/escape-control.ts';
import { type Finding, findingText } from './finding.ts';

/**
 * Findings as workflow commands of GitHub Actions, one per line: the runner makes an annotation of each at its line of the
 * change. Forgejo and Gitea read them, too.
 */
export const githubCommands = (findings: readonly Finding[]): string => findings.map(githubCommand).join('');

function githubCommand(finding: Finding): string {
  const { severity, code, check, file, at } = finding;
  const place = at === null ? [] : [`line=${at.line}`, `col=${at.column}`, `endColumn=${at.column + at.length}`];
  const title = `title=${propertyText(`${code} ${check}`)}`;
  const properties = [`file=${propertyText(file)}`, ...place, title].join(',');
  return `::${severity} ${properties}::${dataText(findingText(finding))}\n`;
}

/** Text of a command, on one line: the runner reads `%0A` as the end of a line. */
const dataText = (text: string): string =>
  text
    .split('\n')
    .map((line) => escapeControl(line).replaceAll('%', '%25'))
    .join('%0A');

/** The value of a property, where `:` and `,` have a meaning as well. */
const propertyText = (text: string): string =>
  dataText(text.replaceAll('\n', '\\n')).replaceAll(':', '%3A').replaceAll(',', '%2C');
