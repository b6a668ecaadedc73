import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const ROOT = join(repository, 'src');
/** What a module keeps between calls, apart from constants (in capitals): a variable, a collection that starts empty, a buffer, a memoized function. */
const STATE = [
  /^(?:export )?let (\w+)/,
  /^(?:export )?const ([a-z]\w*)[^=]*= (?:new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\];|Buffer\.alloc\(|memoize\w*\()/,
];

/**
 * By name, why it cannot make one test see what another did: the unit tests share one process for many files. A new one is
 * better a parameter.
 */
const HARMLESS: { readonly [name: string]: string } = {
  parsePrefix: 'remembers a pure function',
  networkText: 'remembers a pure function',
  parseAddress: 'remembers a pure function',
  requireNetKey: 'remembers a pure function',
  desiredIds: 'remembers a pure function, by its argument, a value',
  subjectsOf: 'remembers a pure function, by its argument, a value',
  recordedResources: 'remembers a pure function, by its argument, a value',
  onLinkSubnetsByNetns: 'remembers a pure function, by its argument, a value',
  networkOf: 'remembers a pure function, by its argument, a value',
  writtenAddresses: 'remembers a pure function, by its argument, a value',
  longListEquality: 'remembers a pure function, by its arguments, values',
  changesByLists: 'remembers a pure function, by its arguments, values',
  plainContainers: 'remembers a pure function, by its argument, a value',
  hostsTexts: 'remembers a pure function, by its argument, a value',
  blocksByText: 'remembers a pure function, by its argument, a value',
  links: 'remembers a pure function, by its argument, a value',
  validator: 'is compiled once from a schema that does not change',
  reconcileValidator: 'is compiled once from a schema that does not change',
  schemaRoot: 'is read once from a file of the build',
  script: 'is read once from a file of the build',
  scripts: 'remembers a pure function, by its argument, a value',
  stateCache: 'is by the inode and the times of the file',
  linkKindSupport: 'is of the running kernel, which stays the same',
  vlanSupport: 'is of the running kernel, which stays the same',
  queueKindSupport: 'is of the running kernel, which stays the same',
  processors: 'is of the running kernel, which stays the same',
  isIpv6Present: 'is of the running kernel, which stays the same',
  hostFd: 'is the namespace in which the process started',
  isFolderPrepared: 'is of the mount namespace of the process',
  instance: 'is the private procfs of the process',
  lastSequence: 'only counts up',
  inbox: 'is overwritten by each answer',
  statusTitles: 'is empty whenever no work is under way',
};

test('no module keeps state between calls, but for what cannot change an answer', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const found = files.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line) => STATE.flatMap((pattern) => pattern.exec(line)?.[1] ?? []))
      .filter((name) => !(name in HARMLESS))
      .map((name) => `${path}: ${name}`),
  );
  expect(found).toEqual([]);
});
