import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import type { DoctorFacts, NetnsDirEntry } from '../../model/doctor/doctor-facts.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { pluginFolders } from '../cni/plugin-folders.ts';
import { hasCtnetlink } from '../conntrack/delete-entries.ts';
import { catchErrno } from '../errno.ts';
import { leadsToNetns, NETNS_FOLDER } from '../netns/netns.ts';
import { tunProblem } from '../netns/tuntap.ts';
import { readIptablesLegacy } from '../nftables/iptables-legacy.ts';
import { loadLibnftables } from '../nftables/libnftables.ts';
import { findProgram } from '../process/find-program.ts';
import { cgroupMount } from '../process/process-cgroup.ts';
import { unitsProblem } from '../process/units/units-problem.ts';
import { findMissingLinkKinds, findMissingQueueKinds } from './kernel-features.ts';

const PROBED_UNITS = ['nftables.service', 'systemd-networkd.service', 'NetworkManager.service'];
const MAX_FILE_BYTES = 256 * 1024;
const CONFIGURATION_ROOTS = ['/etc', '/run', '/usr/lib'];

/** Configuration files of services that can conflict with labs, by folder. */
const CONFIGURATION_FOLDERS: readonly (readonly [string, RegExp])[] = [
  ...CONFIGURATION_ROOTS.flatMap((root) => [
    [`${root}/systemd/networkd.conf.d`, /\.conf$/] as const,
    [`${root}/systemd/network`, /\.link$/] as const,
    [`${root}/NetworkManager/conf.d`, /\.conf$/] as const,
  ]),
];
const CONFIGURATION_FILES = [
  '/etc/nftables.conf',
  '/etc/systemd/networkd.conf',
  '/etc/NetworkManager/NetworkManager.conf',
];

/** Reads the facts that `doctor` needs; changes nothing. Starts iptables-legacy-save where there are legacy tables. */
export function readDoctorFacts(linkKinds: LinkKinds): DoctorFacts {
  const kinds = [...linkKinds.values()].filter(({ madeByProgram }) => !madeByProgram);
  const byIoctl = kinds.flatMap(({ name, create }) => (create === undefined ? [] : [name]));
  const probed = [...kinds.map(({ name }) => name).filter((name) => !byIoctl.includes(name))];
  const missing = new Set(findMissingLinkKinds(probed));
  return {
    kernel: release(),
    features: new Map([
      ...probed.map((kind) => [kind, !missing.has(kind)] as const),
      ['netem', findMissingQueueKinds(['netem']).length === 0],
      ['ctnetlink', hasCtnetlink()],
      ...byIoctl.map((kind) => [kind, tunProblem() === null] as const),
    ]),
    basicLinkKinds: kinds.flatMap(({ name, section }) => (section === 'interfaces' ? [] : [name])),
    nftMissing: loadLibnftables() ? null : 'libnftables.so.1',
    pluginFolders: pluginFolders().filter((folder) => listNames(folder).length > 0),
    legacy: readIptablesLegacy(),
    slaveMount: findSlaveMount(),
    namespaces: listNames(NETNS_FOLDER).map(readNamedFile),
    files: new Map(
      [...CONFIGURATION_FILES, ...CONFIGURATION_FOLDERS.flatMap(matchingFiles)].flatMap(
        (path) => readSmallFile(path) ?? [],
      ),
    ),
    units: new Set(PROBED_UNITS.filter(isUnitActive)),
    programs: {
      unitsProblem: unitsProblem(),
      hasCgroups: cgroupMount() !== null,
      hasRunsv: findProgram('runsv') !== null,
    },
    limits: {
      namespaces: readNumber('/proc/sys/user/max_net_namespaces'),
      neighbours: {
        4: readNumber('/proc/sys/net/ipv4/neigh/default/gc_thresh3'),
        6: readNumber('/proc/sys/net/ipv6/neigh/default/gc_thresh3'),
      },
    },
  };
}

const listNames = (folder: string): readonly string[] =>
  catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];

const matchingFiles = ([folder, pattern]: readonly [string, RegExp]): readonly string[] =>
  listNames(folder)
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);

/** As in systemd, a link to /dev/null masks a file. */
function readSmallFile(path: string): readonly (readonly [string, string])[] | null {
  return catchErrno(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], () => {
    const { size } = statSync(path);
    return size > MAX_FILE_BYTES ? [] : [[path, readFileSync(path, 'utf8')] as const];
  });
}

/** Enabled: another unit wants it. Running: systemd has an invocation of it. */
function isUnitActive(unit: string): boolean {
  const wanted = listNames('/etc/systemd/system').filter((name) => name.endsWith('.wants'));
  const links = [
    ...wanted.map((name) => `/etc/systemd/system/${name}/${unit}`),
    `/run/systemd/units/invocation:${unit}`,
  ];
  return links.some((link) => lstatSync(link, { throwIfNoEntry: false }) !== undefined);
}

function readNamedFile(name: string): NetnsDirEntry {
  const path = `${NETNS_FOLDER}/${name}`;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  const alive = stats !== undefined && (catchErrno(['ENOENT', 'ELOOP', 'EACCES'], () => leadsToNetns(path)) ?? false);
  const leftover = !alive && stats !== undefined && stats.isFile() && stats.size === 0 && (stats.mode & 0o777) === 0;
  return { name, alive, leftover };
}

/**
 * The mount that holds /run/netns, or would hold it, when it is a slave of another. proc(5): in mountinfo the first field
 * is the mount's number, the fifth its place, `master:N` one of the optional ones before ` - `. What another mount covers
 * is listed there too, so the number comes from an open file: fdinfo's `mnt_id`.
 */
function findSlaveMount(): string | null {
  const folder = [NETNS_FOLDER, '/run'].find(existsSync) ?? '/';
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const number = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    const [, , , , point, , ...rest] =
      readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .map((line) => line.split(' '))
        .find(([id]) => id === number) ?? [];
    const isSlave = rest.slice(0, rest.indexOf('-')).some((field) => field.startsWith('master:'));
    return isSlave ? (point ?? null) : null;
  } finally {
    closeSync(fd);
  }
}

function readNumber(path: string): number | null {
  const text = catchErrno(['ENOENT', 'EACCES'], () => readFileSync(path, 'utf8').trim());
  return text === null || !/^\d+$/.test(text) ? null : Number(text);
}
