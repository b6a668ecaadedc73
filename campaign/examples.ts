import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../src/source/read-yaml.ts';
import { repository } from '../test/support/machine.ts';

/** Of so many seeds in a row some stand for the examples, those of both families first. */
const CYCLE = 96;
const RANDOM_BETWEEN = 30;

/** The example that a seed stands for; null: it stands for a random lab. */
export function example(seed: number): unknown {
  const at = seed % CYCLE;
  const [both, others] = [filesIn('dual-stack'), [...filesIn('ipv6'), ...filesIn('.')]];
  const file = at < both.length ? both[at] : others[at - both.length - RANDOM_BETWEEN];
  if (file === undefined) return null;
  const read = readYaml(readFileSync(file, 'utf8'));
  if ('problem' in read) throw new Error(`${file}: ${read.problem}`);
  return read.value;
}

const filesIn = (folder: string): readonly string[] => {
  const path = join(repository, 'topologies', folder);
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => join(path, name));
};
