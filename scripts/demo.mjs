// A lab from plan to destroy, as a terminal session in a throwaway machine: `npm run demo`. Each `$` line is run for
// real; the demo fails when a packet does not arrive, arrives where it must not, or anything is left behind.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setup } from './setup.mjs';

if (process.env.NETFORM_TEST_MACHINE === '1') await demo();
else enterMachine();

/** Installs, builds, and runs this script again inside a machine of its own. */
function enterMachine() {
  setup();
  const build = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
  const argv = [join(root, 'scripts', 'machine.sh'), process.execPath, join(root, 'scripts', 'demo.mjs')];
  process.exitCode = spawnSync('sh', argv, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

async function demo() {
  // Of npm, and so not there before the machine was entered.
  const { tsImport } = await import('tsx/esm/api');
  // The tests' own: it knows what changes by itself, and that the kernel deletes namespaces in its own time.
  const { takeSnapshot } = await tsImport('../test/support/snapshot/index.ts', import.meta.url);
  const snapshot = () => takeSnapshot(async (script) => shell(script).stdout);
  const before = await snapshot();

  say('Port 80 of this machine leads to port 80 of "blue". What would change?');
  type('netform plan topologies/port-forward.yaml');
  type('netform apply topologies/port-forward.yaml | tail -1', /^Applied .*verified/);
  say('What does it look like?');
  type('netform graph port-forward --format ascii', /blue/);
  say('A second time there is nothing to do.');
  type('netform apply topologies/port-forward.yaml', /nothing to do/i);

  say('The LAN: red reaches blue, by address and by name.');
  type('ip netns exec red ping -c1 -W1 192.168.15.2', / 0% packet loss/);
  type('ip netns exec red ping -c1 -W1 blue', / 0% packet loss/);

  say('The forward: from outside, by localhost, from the same subnet, and blue through itself.');
  const server = spawn('ip', [
    'netns',
    'exec',
    'blue',
    'ncat',
    '-lk',
    '80',
    '-c',
    'echo "blue sees $NCAT_REMOTE_ADDR"',
  ]);
  console.log(`$ ip netns exec blue ncat -lk 80 -c 'echo "blue sees $NCAT_REMOTE_ADDR"' &`);
  await listening();
  type('ip netns exec client ncat -w2 --recv-only 203.0.113.1 80', /blue sees 203\.0\.113\.9/);
  type('ncat -w2 --recv-only 127.0.0.1 80', /blue sees/);
  type('ip netns exec red ncat -w2 --recv-only 192.168.15.5 80', /blue sees/);
  type('ip netns exec blue ncat -w2 --recv-only 192.168.15.5 80', /blue sees/);
  say('Only that port: the next one is refused.');
  type('ip netns exec client ncat -w2 --recv-only 203.0.113.1 81', /refused/, 1);
  server.kill();

  say('What is on this machine?');
  type('netform list');

  say('And away with it.');
  type('netform destroy port-forward --yes | tail -1', /^Destroyed .*verified/);
  const after = await snapshot();
  if (after !== before) complain('the machine is not as it was before');
  say('Links, addresses, routes, rules, firewall, sysctls and files are what they were before.');
  say('Go on: docs/tutorial.md builds such labs step by step; netform --help shows the commands.');
}

function say(text) {
  console.log(`\n# ${text}`);
}

/** Prints the command, runs it, prints its output; complains unless the exit code and the output are as expected. */
function type(command, expected = /./, code = 0) {
  console.log(`$ ${command}`);
  const { status, stdout, stderr } = shell(command.replace(/^netform/, `${process.execPath} bin/run.js`));
  const output = `${stdout}${stderr}`;
  console.log(output.trimEnd());
  if (status !== code) complain(`exit code ${status}, expected ${code}`);
  if (!expected.test(output)) complain(`the output does not match ${expected}`);
}

function complain(what) {
  console.error(`\nThe demo failed: ${what}`);
  process.exit(1);
}

function shell(script) {
  return spawnSync('sh', ['-c', script], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

async function listening() {
  for (let tries = 0; tries < 50; tries++) {
    if (shell('ip netns exec blue ss -ltnH sport = :80').stdout !== '') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  complain('nothing listens in blue');
}
