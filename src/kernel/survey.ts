import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import type { NamedFile, Survey } from '../model/survey.ts';
import { unless } from './errno.ts';
import { hasCtnetlink } from './flows.ts';
import { readLegacy } from './legacy.ts';
import { loadLibnftables } from './libnftables.ts';
import { isNetns, NETNS_FOLDER } from './netns.ts';
import { PLUGIN_FOLDERS } from './plugins.ts';
import { hasNetem, missingLinkKinds } from './probe.ts';

const KINDS = ['bridge', 'veth', 'dummy', 'vlan', 'vrf', 'vxlan', 'macvlan', 'ipvlan', 'bond', 'gre', 'wireguard'];
const UNITS = ['nftables.service', 'systemd-networkd.service', 'NetworkManager.service'];
const MOST_BYTES = 256 * 1024;
const ROOTS = ['/etc', '/run', '/usr/lib'];

/** Files of services that can get in the way, by their folders. */
const FOLDERS: readonly (readonly [string, RegExp])[] = [
  ...ROOTS.flatMap((root) => [
    [`${root}/systemd/networkd.conf.d`, /\.conf$/] as const,
    [`${root}/systemd/network`, /\.link$/] as const,
    [`${root}/NetworkManager/conf.d`, /\.conf$/] as const,
  ]),
];
const FILES = ['/etc/nftables.conf', '/etc/systemd/networkd.conf', '/etc/NetworkManager/NetworkManager.conf'];

/** Looks at the machine as `doctor` needs it; reads only. Starts iptables-legacy-save where there are legacy tables. */
export function surveyMachine(): Survey {
  const missing = new Set(missingLinkKinds(KINDS));
  return {
    kernel: release(),
    features: new Map([
      ...KINDS.map((kind) => [kind, !missing.has(kind)] as const),
      ['netem', hasNetem()],
      ['ctnetlink', hasCtnetlink()],
      ['tun', existsSync('/dev/net/tun')],
    ]),
    nftMissing: loadLibnftables() ? null : 'libnftables.so.1',
    pluginFolders: PLUGIN_FOLDERS.filter((folder) => namesIn(folder).length > 0),
    legacy: readLegacy(),
    slaveMount: slaveMount(),
    namespaces: namesIn(NETNS_FOLDER).map(namedFile),
    files: new Map([...FILES, ...FOLDERS.flatMap(filesIn)].flatMap((path) => textOf(path) ?? [])),
    units: new Set(UNITS.filter(isOn)),
    limits: {
      namespaces: numberIn('/proc/sys/user/max_net_namespaces'),
      neighbours: {
        4: numberIn('/proc/sys/net/ipv4/neigh/default/gc_thresh3'),
        6: numberIn('/proc/sys/net/ipv6/neigh/default/gc_thresh3'),
      },
    },
  };
}

const namesIn = (folder: string): readonly string[] => unless(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];

const filesIn = ([folder, pattern]: readonly [string, RegExp]): readonly string[] =>
  namesIn(folder)
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);

/** A link to /dev/null masks a file, as systemd has it. */
function textOf(path: string): readonly (readonly [string, string])[] | null {
  return unless(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], () => {
    const { size } = statSync(path);
    return size > MOST_BYTES ? [] : [[path, readFileSync(path, 'utf8')] as const];
  });
}

/** Enabled: something wants it. Running: systemd has an invocation of it. */
function isOn(unit: string): boolean {
  const wanted = namesIn('/etc/systemd/system').filter((name) => name.endsWith('.wants'));
  const links = [
    ...wanted.map((name) => `/etc/systemd/system/${name}/${unit}`),
    `/run/systemd/units/invocation:${unit}`,
  ];
  return links.some((link) => lstatSync(link, { throwIfNoEntry: false }) !== undefined);
}

function namedFile(name: string): NamedFile {
  const path = `${NETNS_FOLDER}/${name}`;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  const alive = stats !== undefined && (unless(['ENOENT'], () => isNetns(path)) ?? false);
  const leftover = !alive && stats !== undefined && stats.isFile() && stats.size === 0 && (stats.mode & 0o777) === 0;
  return { name, alive, leftover };
}

/**
 * The mount that holds /run/netns, or would hold it, when it is a slave of another. proc(5): in mountinfo the first field
 * is the mount's number, the fifth its place, `master:N` one of the optional ones before ` - `. What another mount covers
 * is listed there too, so the number comes from an open file: fdinfo's `mnt_id`.
 */
function slaveMount(): string | null {
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

function numberIn(path: string): number | null {
  const text = unless(['ENOENT', 'EACCES'], () => readFileSync(path, 'utf8').trim());
  return text === null || !/^\d+$/.test(text) ? null : Number(text);
}
