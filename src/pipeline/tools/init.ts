import { readdirSync, writeFileSync } from 'node:fs';
import { errorCode } from '../../kernel/errno.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { assetPath, assetText } from '../assets.ts';

/** A topology to begin with. */
export type TopologyTemplate = { readonly name: string; readonly about: string };

/** All that there are, the empty one last. */
export function listTemplates(): readonly TopologyTemplate[] {
  const names = readdirSync(assetPath('templates')).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
  const sorted = names.toSorted(
    (a, b) => Number(a === BLANK_TEMPLATE) - Number(b === BLANK_TEMPLATE) || a.localeCompare(b),
  );
  return sorted.map((name) => ({ name, about: templateSummary(assetText(`templates/${name}.yaml`)) }));
}

/** Its text, which tells an editor where the schema is. Throws E_NO_TEMPLATE with the one that was probably meant. */
export function templateText(name: string): string {
  const names = listTemplates().map((one) => one.name);
  if (names.includes(name)) {
    const text = assetText(`templates/${name}.yaml`);
    return text.replace('../schemas/topology.schema.json', assetPath('schemas/topology.schema.json'));
  }
  const meant = closestMatch(name, names);
  throw netformError('E_NO_TEMPLATE', EXIT.usage, `there is no template ${name}`, {
    hint: meant === null ? 'netform init --list shows them' : `did you mean ${meant}?`,
  });
}

/** Writes it to a file. Throws E_EXISTS when there is one and `over` is `keep`. */
export function writeTemplate(name: string, file: string, over: 'keep' | 'replace'): void {
  const text = templateText(name);
  try {
    writeFileSync(file, text, { flag: over === 'keep' ? 'wx' : 'w' });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      throw netformError('E_EXISTS', EXIT.usage, `${file} is there already`, {
        hint: 'give another with -o, or replace it with --force; nothing was changed',
      });
    }
    if (errorCode(error) === null) throw error;
    throw netformError('E_NO_FILE', EXIT.usage, `cannot write ${file}: ${writeErrorReason(error)}`);
  }
}

const BLANK_TEMPLATE = 'blank';

/** The first sentence of its comment. */
const templateSummary = (text: string): string =>
  /^# (?!yaml-language-server)(.*)$/m.exec(text.slice(0, text.indexOf('\nversion:')))?.[1] ?? '';
