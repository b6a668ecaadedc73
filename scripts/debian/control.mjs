import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAINTAINER } from './documents.mjs';

/** By how Node calls a processor: how Debian calls it. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64', riscv64: 'riscv64' };

/** Debian's name of the processor that koffi's library in node_modules is for. */
export function architecture() {
  const name = ARCHITECTURES[process.arch];
  if (name !== undefined) return name;
  throw new Error(`there is no Debian package for ${process.arch}: ${Object.values(ARCHITECTURES).join(', ')}`);
}

/** What dpkg reads: the description, the sums of the files, and the scripts that it runs. */
export function controlFiles(version, files) {
  const scripts = ['postinst', 'prerm', 'postrm'].map((name) => [
    `DEBIAN/${name}`,
    { bytes: readFileSync(join(import.meta.dirname, name)), program: true },
  ]);
  return [
    ['DEBIAN/control', { bytes: control(version, files) }],
    ['DEBIAN/md5sums', { bytes: sums(files) }],
    ...scripts,
  ];
}

const control = (version, files) => `Package: netform
Version: ${version}
Architecture: ${architecture()}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKib(files)}
Depends: nodejs (>= 20.19), libc6, libgcc-s1, libstdc++6
Recommends: nftables, git, iproute2, libpcap0.8
Suggests: containernetworking-plugins, dnsmasq-base, unbound, bird2, haproxy, openvswitch-switch, wireguard-tools, wireguard-go
Section: net
Priority: optional
Description: declarative network topologies for Linux lab VMs
 One YAML file describes a network lab: namespaces, bridges, cables, tunnels,
 addresses, routes, NAT, port forwards, services, names, and the programs
 inside. netform plans and applies the difference between the file and the
 machine, verifies it, rolls back on failure, and restores the machine.
 .
 nftables is needed for NAT, port forwards and policies, libpcap0.8 for the
 filters of netform capture. The suggested packages are the programs that a
 topology can ask for.
`;

/** As dpkg counts: whole KiB of each file, and one of each folder and link. */
function installedKib(files) {
  const folders = new Set();
  for (const path of files.keys())
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  const kib = [...files.values()].map(({ bytes }) =>
    bytes === undefined ? 1 : Math.ceil(Buffer.byteLength(bytes) / 1024),
  );
  return kib.reduce((sum, one) => sum + one, folders.size);
}

const sums = (files) =>
  [...files]
    .filter(([, { bytes }]) => bytes !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, { bytes }]) => `${createHash('md5').update(bytes).digest('hex')}  ${path}\n`)
    .join('');
