import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../../kernel/errno.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import { shellWord } from '../../model/values/shell-word.ts';
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

/**
 * The text of a template for that file: its comment names the file, and its first line tells an editor where the schema is.
 * Throws E_NO_TEMPLATE with the template that was probably meant.
 */
export function templateText(name: string, file: string): string {
  const names = listTemplates().map((one) => one.name);
  if (names.includes(name)) {
    return assetText(`templates/${name}.yaml`)
      .replace('../schemas/topology.schema.json', SCHEMA_FILE)
      .replaceAll(/(netform (?:apply|plan)) \S+\.yaml/g, (_, command: string) => `${command}${argumentForFile(file)}`);
  }
  const meant = closestMatch(name, names);
  throw netformError('E_NO_TEMPLATE', EXIT.usage, `there is no template ${name}`, {
    hint: meant === null ? 'netform init --list shows them' : `did you mean ${meant}?`,
  });
}

/** The file as an argument of a command, after a space; empty for the one that commands read by default. */
export const argumentForFile = (file: string): string => (file === DEFAULT_FILE ? '' : ` ${shellWord(file)}`);

/**
 * Writes a template to a file, and the schema for editors beside it unless it is there: a path that holds wherever the folder
 * goes. Throws E_EXISTS when the file exists and `over` is `keep`.
 */
export function writeTemplate(name: string, file: string, over: 'keep' | 'replace'): void {
  writeText(file, templateText(name, file), over);
  const schema = join(dirname(file), SCHEMA_FILE);
  if (!existsSync(schema)) writeText(schema, assetText('schemas/topology.schema.json'), 'keep');
}

function writeText(file: string, text: string, over: 'keep' | 'replace'): void {
  try {
    writeFileSync(file, text, { flag: over === 'keep' ? 'wx' : 'w' });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      throw netformError('E_EXISTS', EXIT.usage, `cannot write ${file}: it exists already`, {
        hint: 'write to another file with -o, or overwrite it with --force',
      });
    }
    if (errorCode(error) === null) throw error;
    throw netformError('E_NO_FILE', EXIT.usage, `cannot write ${file}: ${writeErrorReason(error)}`, {
      hint: 'write to another file with -o',
    });
  }
}

const DEFAULT_FILE = 'topology.yaml';
const SCHEMA_FILE = 'topology.schema.json';
const BLANK_TEMPLATE = 'blank';

/** The first sentence of its comment. */
const templateSummary = (text: string): string =>
  /^# (?!yaml-language-server)(.*)$/m.exec(text.slice(0, text.indexOf('\nversion:')))?.[1] ?? '';
