import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLab } from '../../../src/kinds/index.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { pictureOf } from '../../../src/picture/draw.ts';
import { withFormer } from '../../../src/picture/former.ts';
import type { Picture, Word } from '../../../src/picture/picture.ts';
import { draft } from '../../../src/pipeline/draft.ts';

const TOPOLOGIES = join(import.meta.dirname, '..', '..', '..', 'topologies');

/** The example topologies, by their path. */
export const examples: readonly string[] = readdirSync(TOPOLOGIES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort();

export const exampleText = (path: string): string => readFileSync(join(TOPOLOGIES, path), 'utf8');

export function labOf(text: string): Lab {
  const { lab, diagnostics } = draft({ file: 'lab.yaml', vars: [], varFile: null, text }, () => ({}));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (lab === null || errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return lab;
}

/** The picture of a topology; with a former one, that of the change between them. */
export function pictureFor(
  text: string,
  change?: { readonly former: string; readonly words: ReadonlyMap<string, Word> },
): Picture {
  const lab = labOf(text);
  const words: ReadonlyMap<string, Word> = change?.words ?? new Map();
  const former = change ? labOf(change.former) : null;
  return pictureOf(withFormer(lab, former, words), { resources: compileLab(lab), words });
}
