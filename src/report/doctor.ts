import type { Finding } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import type { Survey } from '../model/survey.ts';
import type { Paint, Style } from './paint.ts';
import { printable } from './printable.ts';

export type Told = {
  readonly found: readonly Finding[];
  readonly mended: readonly Finding[];
  readonly survey: Survey | null;
};

/** Each finding with what it breaks, where it is and the commands that mend it; then what the kernel can make. */
export function doctorText({ found, mended, survey }: Told, paint: Paint): string {
  const parts = [
    ...mended.map((one) => `${paint('green', 'mended')}   ${printable(one.what)}\n`),
    ...found.map((one) => findingText(one, paint)),
  ];
  const sum = found.length === 0 ? 'Nothing here troubles a lab.' : countText(found);
  return `${[...parts, `${sum}\n`].join('\n')}${survey === null ? '' : featureText(survey, paint)}`;
}

export const doctorJson = ({ found, mended, survey }: Told): { readonly [key: string]: Json } => ({
  findings: found.map(findingJson),
  mended: mended.map(findingJson),
  kernel: survey === null ? null : { release: survey.kernel, features: Object.fromEntries(survey.features) },
});

const findingJson = ({ name, severity, what, breaks, where, remedy, fix }: Finding): Json => ({
  ...{ name, severity, what, breaks, where, remedy },
  fixable: fix !== null,
});

function findingText({ name, severity, what, breaks, where, remedy, fix }: Finding, paint: Paint): string {
  const [first = '', ...more] = remedy;
  const lines = [
    `${paint(STYLES[severity], severity.padEnd(7))}  ${paint('bold', printable(what))} ${paint('dim', `[${name}]`)}`,
    `         ${printable(breaks)}`,
    `         where: ${printable(where)}`,
    `         mend:  ${printable(first)}${fix === null ? '' : '   (or: netform doctor --fix)'}`,
    ...more.map((line) => `                ${printable(line)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const STYLES: { readonly [severity in Finding['severity']]: Style } = { error: 'red', warning: 'yellow' };

function countText(found: readonly Finding[]): string {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${found.length - errors} ${found.length - errors === 1 ? 'warning' : 'warnings'}.`;
}

function featureText({ kernel, features }: Survey, paint: Paint): string {
  const names = (there: boolean) => [...features].filter(([, one]) => one === there).map(([name]) => name);
  const missing = names(false);
  const lacks = missing.length === 0 ? '' : `; not ${missing.join(', ')}`;
  return paint('dim', `Linux ${printable(kernel)} has ${names(true).join(', ')}${lacks}\n`);
}
