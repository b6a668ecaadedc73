import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../../src/model/lab.ts';
import { NO_PROGRESS } from '../../../src/model/results/progress.ts';
import { buildPicture } from '../../../src/picture/model/build-picture.ts';
import type { ChangeStatus, Picture } from '../../../src/picture/model/picture.ts';
import { withRemovedParts } from '../../../src/picture/model/removed-parts.ts';
import { resolveOffline } from '../../../src/pipeline/topology/resolve.ts';
import { featureDrawings } from '../../../src/registry/features.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { wholeTopology } from '../../support/whole-topology.ts';

const TOPOLOGIES = join(import.meta.dirname, '..', '..', '..', 'topologies');

/** The example topologies, by their path. */
export const exampleFiles: readonly string[] = readdirSync(TOPOLOGIES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml') && wholeTopology(join(TOPOLOGIES, path)) !== null)
  .sort();

export const exampleText = (path: string): string => wholeTopology(join(TOPOLOGIES, path)) ?? '';

export function labOf(text: string): Lab {
  const { lab, diagnostics } = resolveOffline(NO_PROGRESS, { file: 'lab.yaml', vars: [], varFile: null, text });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (lab === null || errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return lab;
}

/** The picture of a topology; with a former one, that of the change between them. */
export function examplePicture(
  text: string,
  change?: { readonly former: string; readonly words: ReadonlyMap<string, ChangeStatus> },
): Picture {
  const lab = labOf(text);
  const words: ReadonlyMap<string, ChangeStatus> = change?.words ?? new Map();
  const former = change ? labOf(change.former) : null;
  return buildPicture(withRemovedParts(lab, former, words), {
    resources: compileLab(lab),
    words,
    features: featureDrawings,
  });
}
