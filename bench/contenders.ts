import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repository } from '../test/support/machine.ts';
import type { LabFiles } from './files.ts';

/** Somebody who can make a lab and take it away again. */
export type Contender = {
  readonly name: string;
  /** What it needs and this machine does not have, and how to get it; null: nothing. */
  readonly missing: () => string | null;
  /** A script that makes the lab, proves it and takes it away, with a clock around each. */
  readonly build: (lab: LabFiles, about: ScriptContext) => string;
  /** So many namespaces at most: more would take minutes. */
  readonly most: number;
  /** How often it is run: all the others wait for the slow ones. */
  readonly runs: (size: number, wanted: number) => number;
};

type ScriptContext = { readonly size: number; readonly folder: string };

const MOST_BY_PROCESSES = 1000;
/** From so many namespaces on, those that take tens of seconds are run once. */
const SLOW = 400;

const allRuns = (_size: number, wanted: number): number => wanted;

/** netform as it is built in `root`. */
export const netform = (name: string, root: string): Contender => ({
  name,
  missing: () => null,
  build: ({ topology, ping }) =>
    lines([
      clock('apply', `${netformIn(root)} apply --yes ${topology}`),
      ping,
      clock('noop', `${netformIn(root)} apply --yes ${topology}`),
      clock('plan', `${netformIn(root)} plan ${topology}`),
      clock('destroy', `${netformIn(root)} destroy --yes`, 'until no link is left'),
    ]),
  most: Number.POSITIVE_INFINITY,
  runs: allRuns,
});

export const lowerbound: Contender = {
  name: 'C',
  missing: () => null,
  build: ({ lines: list, ping }, { folder }) =>
    lines([
      clock('apply', `${folder}/lowerbound apply ${list}`),
      ping,
      clock('plan', `${folder}/lowerbound read ${list}`),
      clock('destroy', `${folder}/lowerbound destroy ${list}`, 'until no link is left'),
    ]),
  most: Number.POSITIVE_INFINITY,
  runs: allRuns,
};

export const batch: Contender = {
  name: 'ip -batch',
  missing: () => (inPath('ip') ? null : 'no ip: apt-get install iproute2'),
  build: ({ batch: { up, down }, ping }) => buildScript(`sh ${up}`, ping, `sh ${down}`),
  most: MOST_BY_PROCESSES,
  runs: allRuns,
};

export const handTyped: Contender = {
  name: 'one by one',
  missing: batch.missing,
  build: ({ typed: { up, down }, ping }) => buildScript(`sh ${up}`, ping, `sh ${down}`),
  most: MOST_BY_PROCESSES,
  runs: (size, wanted) => (size < SLOW ? wanted : Math.min(1, wanted)),
};

export const mininet: Contender = {
  name: 'mininet',
  missing: () => {
    const packages = [
      ...(existsSync('/usr/lib/python3/dist-packages/mininet') ? [] : ['mininet']),
      ...(inPath('brctl') ? [] : ['bridge-utils']),
    ];
    return packages.length === 0 ? null : `apt-get install --no-install-recommends ${packages.join(' ')}`;
  },
  build: (_lab, { size }) => lines([`/usr/bin/python3 ${join(repository, 'bench', 'star_in_mininet.py')} ${size}`]),
  most: MOST_BY_PROCESSES,
  runs: (size, wanted) => (size < SLOW ? Math.min(2, wanted) : Math.min(1, wanted)),
};

/** A line of shell with a clock around its command; what it prints goes to the log. */
export const clock = (label: string, command: string, until?: 'until no link is left'): string =>
  `"$CLOCK" ${until ? '-l $LINKS ' : ''}${label} ${command}`;

/** The command as users run it. */
export const netformIn = (root: string): string => `${process.execPath} ${join(root, 'bin', 'run.js')}`;

export const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const buildScript = (up: string, ping: string, down: string): string =>
  lines([clock('apply', up), ping, clock('destroy', down, 'until no link is left')]);

const inPath = (program: string): boolean =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) =>
    existsSync(join(folder, program)),
  );
