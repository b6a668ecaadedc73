import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, repository } from '../../support/machine.ts';

/** A package file, and what dpkg-deb(1) says of it. */
export type DebianPackage = {
  readonly bytes: Buffer;
  readonly version: string;
  /** A line for each file: mode, owner, size, time and path. */
  readonly contents: readonly string[];
};

/** Why no Debian package can be built and installed here; null: it can. */
export const noDpkg: string | null = whyNot();

function whyNot(): string | null {
  try {
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    execFileSync('git', ['log', '-1'], { cwd: repository, stdio: 'ignore' });
    return null;
  } catch (error) {
    return `no dpkg-deb, or no git checkout: ${String(error).split('\n')[0]}`;
  }
}

/** Builds the package of this checkout as `npm run deb` does, of what is built already. */
export function buildPackage(): DebianPackage {
  const folder = mkdtempSync(join(tmpdir(), 'netform-deb-test-'));
  try {
    const path = run('node', 'scripts/debian/main.mjs', folder).trim();
    const contents = run('dpkg-deb', '--contents', path).trim().split('\n');
    return { bytes: readFileSync(path), version: run('dpkg-deb', '--field', path, 'Version').trim(), contents };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { cwd: repository, encoding: 'utf8' });

/** Puts the package into the machine, at /root/netform.deb. */
export const bringPackage = (m: Machine, { bytes }: DebianPackage): Promise<string> =>
  m.must('base64 -d >/root/netform.deb', { input: bytes.toString('base64') });

/** Makes /root/older.deb of it: the same tree, with an older version. */
export const makeOlder = (m: Machine): Promise<string> =>
  m.must(`cd /root && dpkg-deb -R netform.deb older && sed -i 's/^Version: .*/Version: 0.0.9-1/' older/DEBIAN/control &&
    dpkg-deb --build --root-owner-group -Znone older && rm -r older`);

/**
 * A script that has dpkg know of a package `nodejs` of that version, which has no files: the Node of the test run is the one at
 * /usr/bin/node. A package of Node that the machine outside has is forgotten first. dpkg neither waits for the disk nor indexes all
 * manuals from then on: nothing outlives the machine.
 */
export const pretendNode = (version: string): string => `set -e
printf 'force-unsafe-io\\nno-triggers\\n' >/etc/dpkg/dpkg.cfg.d/netform-test
cd /var/lib/dpkg
awk -v RS= -v ORS='\\n\\n' '!/^Package: nodejs\\n/' status >status.new && mv status.new status
[ -e /usr/bin/node ] || ln -s ${process.execPath} /usr/bin/node
folder=$(mktemp -d) && cd $folder && mkdir -p node/DEBIAN && cat >node/DEBIAN/control <<'END'
Package: nodejs
Version: ${version}
Architecture: all
Maintainer: nobody <nobody@netform.invalid>
Description: stands for the Node of the test run
END
dpkg-deb --build --root-owner-group -Znone node && dpkg -i node.deb && rm -r $folder`;

/** All files and links of the machine outside of dpkg's own records. */
export const filesOf = (m: Machine): Promise<string> =>
  m.must(`find /etc /opt /usr /var /srv -xdev \\( -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \\) -prune \\
    -o \\( -type f -o -type l -o -type d \\) -print | sort`);
