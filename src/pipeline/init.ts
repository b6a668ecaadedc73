import { readdirSync, writeFileSync } from 'node:fs';
import { codeOf } from '../kernel/errno.ts';
import { EXIT, netformError } from '../model/error.ts';
import { whyNotWritten } from '../model/refusal.ts';
import { closest } from '../net/suggest.ts';
import { shippedPath, shippedText } from './shipped.ts';

/** A topology to begin with. */
export type Template = { readonly name: string; readonly about: string };

/** All that there are, the empty one last. */
export function templates(): readonly Template[] {
  const names = readdirSync(shippedPath('templates')).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
  const sorted = names.toSorted((a, b) => Number(a === BLANK) - Number(b === BLANK) || a.localeCompare(b));
  return sorted.map((name) => ({ name, about: aboutOf(shippedText(`templates/${name}.yaml`)) }));
}

/** Its text, which tells an editor where the schema is. Throws E_NO_TEMPLATE with the one that was probably meant. */
export function templateText(name: string): string {
  const names = templates().map((one) => one.name);
  if (names.includes(name)) {
    const text = shippedText(`templates/${name}.yaml`);
    return text.replace('../schemas/topology.schema.json', shippedPath('schemas/topology.schema.json'));
  }
  const meant = closest(name, names);
  throw netformError('E_NO_TEMPLATE', EXIT.usage, `there is no template ${name}`, {
    hint: meant === null ? 'netform init --list shows them' : `did you mean ${meant}?`,
  });
}

/** Writes it to a file. Throws E_EXISTS when there is one and it shall be kept. */
export function writeTemplate(name: string, file: string, over: 'keep' | 'replace'): void {
  const text = templateText(name);
  try {
    writeFileSync(file, text, { flag: over === 'keep' ? 'wx' : 'w' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw netformError('E_EXISTS', EXIT.usage, `${file} is there already`, {
        hint: 'give another with -o, or replace it with --force; nothing was changed',
      });
    }
    if (codeOf(error) === null) throw error;
    throw netformError('E_NO_FILE', EXIT.usage, `cannot write ${file}: ${whyNotWritten(error)}`);
  }
}

const BLANK = 'blank';

/** The first sentence of its comment. */
const aboutOf = (text: string): string =>
  /^# (?!yaml-language-server)(.*)$/m.exec(text.slice(0, text.indexOf('\nversion:')))?.[1] ?? '';
