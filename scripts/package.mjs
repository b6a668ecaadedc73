// Packs the project, installs the tarball globally into the folder given, and runs what was installed there.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup.mjs';

const folder = process.argv[2];
const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const packed = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
const { filename } = packed[0];
const prefix = join(folder, 'prefix');
npm(
  ['install', '--global', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', prefix, join(folder, filename)],
  folder,
);

const netform = (args) => execFileSync(join(prefix, 'bin', 'netform'), args, { cwd: folder, encoding: 'utf8' });
const version = netform(['--version']);
if (!version.startsWith('netform/')) throw new Error(`netform --version printed: ${version}`);
netform(['validate', join(prefix, 'lib', 'node_modules', 'netform', 'topologies', 'red-blue.yaml')]);
