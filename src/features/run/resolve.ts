import { resolve } from 'node:path';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { processId } from '../../model/ids.ts';
import { type LabProcess, type LabStoredFile, seenFilesFolder } from '../../model/kernel/lab-process.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { Topology } from '../../model/topology.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { isSecretName } from '../../source/expand/recorded-text.ts';
import type { AnsweredPort } from '../../source/normalise/netns/answered-ports.ts';
import { type LabRun, type TopologyProgram, type TopologySeenFile, type WrittenRun, writtenRuns } from './topology.ts';

/** The files beside the topology whose bytes programs see. */
export const runQuery = (topology: Topology): Query =>
  writtenRuns(topology).flatMap(({ files }) =>
    files.flatMap(({ bytes }) =>
      'from' in bytes ? [{ need: 'file', key: fromPath(topology, bytes.from.value) }] : [],
    ),
  );

const fromPath = ({ at: { folder = '/' } }: Topology, from: string): string => resolve(folder, from);

/** What `run` and `files` add to the registers. */
export function resolveRun(context: FeatureContext): FeatureContribution {
  const { topology } = context.world;
  const runs = writtenRuns(topology).filter(({ programs, files }) => programs.length + files.length > 0);
  if (runs.length === 0) return {};
  const storedFiles = runs.flatMap(({ netns, files }) =>
    files.flatMap((file) => toStoredFile(context, netns, file) ?? []),
  );
  return {
    processes: runs.flatMap((run) => run.programs.map((one) => toProcess(topology.name, run, one))),
    storedFiles,
    ports: runs.flatMap(({ netns, programs }) => programs.flatMap((one) => portClaims(netns, one))),
    seenFiles: runs.flatMap(({ netns, files }) => files.map(({ path, at }) => ({ netns, path, word: 'files', at }))),
    value: toLabRun(topology, runs),
  };
}

/** Without a machine nothing is read: the bytes are then not known. A file that cannot be read is refused by a check. */
function toStoredFile(
  { world: { topology }, live }: FeatureContext,
  netns: string,
  { path, bytes, mode, at }: TopologySeenFile,
): LabStoredFile | null {
  const place = { netns, path: seenFilesFolder(topology.name, netns) + path, mode, at };
  if ('content' in bytes) return { ...place, content: Buffer.from(bytes.content, 'utf8').toString('latin1') };
  const key = fromPath(topology, bytes.from.value);
  return { ...place, content: live.get({ need: 'file', key }) ?? '' };
}

function toProcess(lab: string, { netns, files }: WrittenRun, one: TopologyProgram): LabProcess {
  const [plain, secret] = splitEnvironment(one.env);
  const [port] = one.ports;
  const { workdir, capabilities, readySeconds } = one;
  return {
    netns,
    name: one.name,
    command: one.command.value,
    package: '',
    environment: plain,
    reads: files.map(({ path }) => seenFilesFolder(lab, netns) + path),
    prepare: [],
    folder: null,
    privateFolders: {},
    ready:
      one.ready ??
      (port === undefined ? { by: 'running' } : { by: 'port', protocol: port.value.protocol, port: port.value.port }),
    reload: null,
    after: one.after.map(({ value }) => programId(netns, value)),
    terms: {
      ...{ workdir, capabilities, readySeconds, user: one.user?.value ?? null, restart: one.restart.value },
      secrets: Object.fromEntries(Object.entries(secret).map(([name, bytes]) => [name, sha256Latin1(bytes)])),
      ports: portsOf(one).map(portText),
    },
    secretEnvironment: secret,
    at: one.at,
  };
}

/** The id of a program as `after` names it. */
export const programId = (netns: string, written: string): string => {
  const slash = written.indexOf('/');
  return slash < 0 ? processId(netns, written) : processId(written.slice(0, slash), written.slice(slash + 1));
};

/** Values that may be shown, and those that may not, these with one character for each byte. */
function splitEnvironment(env: TopologyProgram['env']) {
  const entries = Object.entries(env);
  const secret = entries.filter(([name]) => isSecretName(name));
  return [
    Object.fromEntries(entries.filter(([name]) => !isSecretName(name))),
    Object.fromEntries(secret.map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')])),
  ] as const;
}

const portText = ({ port, protocol }: AnsweredPort): string => `${port}/${protocol}`;

/** Those that it says, and the one by which it is ready. */
const portsOf = ({ ports, ready }: TopologyProgram): readonly AnsweredPort[] => {
  const own = ready?.by === 'port' ? [{ name: null, protocol: ready.protocol, port: ready.port }] : [];
  const all: readonly AnsweredPort[] = [...own, ...ports.map(({ value }) => value)];
  const byPort = new Map(all.map((one) => [`${one.port}/${one.protocol}`, one]));
  return [...new Set([...ports.map(({ value }) => value), ...own].map(portText))].flatMap(
    (key) => byPort.get(key) ?? [],
  );
};

const portClaims = (netns: string, one: TopologyProgram): readonly LabPortClaim[] =>
  portsOf(one).flatMap(({ protocol, port, name }) =>
    ([4, 6] as const).map((family) => ({
      netns,
      family,
      address: null,
      ports: { first: port, last: port },
      protocols: [protocol],
      ...(name === null ? {} : { name }),
      use: `taken by the program ${one.name}`,
      process: processId(netns, one.name),
      at: one.ports.find(({ value }) => value.port === port)?.at ?? one.at,
    })),
  );

const toLabRun = (topology: Topology, runs: readonly WrittenRun[]): LabRun => ({
  restarts: runs.flatMap(({ programs, isContainer }) =>
    programs.map(({ restart }) => ({ ...restart, isInContainer: isContainer })),
  ),
  files: runs.flatMap(({ netns, files }) => files.map(({ path, at }) => ({ netns, path, at }))),
  sources: runs.flatMap(({ files }) =>
    files.flatMap(({ bytes }) =>
      'from' in bytes ? [{ value: fromPath(topology, bytes.from.value), at: bytes.from.at }] : [],
    ),
  ),
});
