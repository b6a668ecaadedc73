import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../../src/model/diagnostics/diagnostic.ts';
import { FILE_IMPORTERS } from '../../../../src/pipeline/import/importers.ts';
import { diagnosticsText } from '../../../../src/report/text/diagnostics.ts';
import { foreignFile } from '../../../../src/source/mistakes/foreign-format.ts';
import { diagnose } from '../../../support/diagnose.ts';
import { labOfImport, yaml } from '../../import/imported.ts';
import { FOREIGN_FILES, REPAIRS, type Round } from './table.ts';

const FOLDER = join(import.meta.dirname, 'files');
const textOf = (name: string): string => readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');

const mistakesIn = (name: string, text: string): readonly Diagnostic[] =>
  diagnose(text, { file: `${name}.yaml`, live: null }).diagnostics.filter(({ severity }) => severity === 'error');

const words = (text: string): readonly string[] => text.match(/[\w./:-]*\w[\w./-]*/g) ?? [];

/** The file after a round. Every new word must stand in a message of the round: the reader knows nothing else. */
function repair(text: string, mistakes: readonly Diagnostic[], round: Round): string {
  const said = mistakes.map(({ message, hint, related }) =>
    [message, hint, ...related.map((one) => one.message)].join(' '),
  );
  const known = new Set(words([text, ...said].join(' ')).flatMap((word) => [word, ...word.split(':')]));
  return round.reduce((changed, [from, to]) => {
    expect(changed).toContain(from);
    expect(words(to).filter((word) => !word.split(':').every((part) => known.has(part) || known.has(word)))).toEqual(
      [],
    );
    return changed.replace(from, to);
  }, text);
}

describe('a wrong file (H4, H9, H10, H11, M3-M6)', () => {
  it('has a line in one of the tables', () => {
    const files = readdirSync(FOLDER).map((file) => file.replace(/\.yaml$/, ''));
    expect(Object.keys({ ...REPAIRS, ...FOREIGN_FILES }).toSorted()).toEqual(files.toSorted());
  });

  it.each(Object.entries(REPAIRS))('%s is valid after as many rounds as the table has', (name, rounds) => {
    expect(rounds.length).toBeLessThanOrEqual(2);
    const repaired = rounds.reduce((text, round) => {
      const mistakes = mistakesIn(name, text);
      expect(mistakes).not.toEqual([]);
      return repair(text, mistakes, round);
    }, textOf(name));
    expect(mistakesIn(name, repaired).map(({ message, hint }) => `${message} = ${hint}`)).toEqual([]);
  });

  it.each([
    ['orig', true],
    ['tab', true],
    ['docker', false],
    ['twice', false],
  ])('%s ends with the remark that its rest was not checked: %s (H9)', (name, isCut) => {
    const { diagnostics, loaded } = diagnose(textOf(name), { file: `${name}.yaml`, live: null });
    const { text, locate, isWhole } = loaded;
    const shown = diagnosticsText(diagnostics, { file: `${name}.yaml`, text, locate, isWhole });
    expect(shown.endsWith('\nFix this first: the rest of the file was not checked.\n')).toBe(isCut);
  });

  it.each(Object.entries(FOREIGN_FILES))('%s is called by its name in one message', (name, [what, remedy]) => {
    const said = mistakesIn(name, textOf(name)).map(({ message, hint }) => [message, hint]);
    expect(said).toEqual([[`${name}.yaml is ${what}, not a topology`, remedy]]);
  });

  it('is known for what it is to the importer of another format, too', () => {
    expect(foreignFile(textOf('clab'), yaml(textOf('clab')), 'my lab.yml')).toEqual({
      phrase: 'a file of containerlab',
      hint: "netform import containerlab 'my lab.yml' -o lab.yaml makes a topology of it",
    });
    expect(foreignFile(textOf('compose'), yaml(textOf('compose')), '<stdin>')?.hint).toMatch(
      /^netform import compose - /,
    );
    expect(foreignFile(textOf('nover'), yaml(textOf('nover')), 'x.yaml')).toBe(null);
  });

  it.each(['compose', 'compose-variables', 'clab'])('%s is imported by the command of its message', async (name) => {
    const [mistake] = mistakesIn(name, textOf(name));
    const [, format = ''] = /^netform import (\w+) /.exec(mistake?.hint ?? '') ?? [];
    const importer = await FILE_IMPORTERS[format]?.();
    const result = importer?.convert(yaml(textOf(name)), { lab: 'lab', lookup: () => undefined, fileAt: () => null });
    expect(result && labOfImport(result).namespaces.length).toBe(1);
  });
});
