import { expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';

const RED_BLUE = `${repository}topologies/red-blue.yaml`;
const netform = `${process.execPath} ${repository}bin/run.js`;

const COMMANDS = [
  `${netform} validate ${RED_BLUE}`,
  `${netform} graph ${RED_BLUE}`,
  `${netform} fmt --check ${RED_BLUE}`,
  `${netform} schema`,
  `rm -rf /run/offline; mkdir /run/offline; ${netform} init -o /run/offline/topology.yaml`,
];

/** Folders as they must not matter: unreadable, writable by everyone, missing. */
const FOLDERS = ['mkdir -m 000 /var/lib/netform', 'chmod 777 /var/lib/netform', 'rmdir /var/lib/netform'];

test('G1: validate, graph, fmt, schema and init do not look at the machine', async () => {
  await withMachine(async (m) => {
    for (const folder of FOLDERS) {
      await m.must(folder);
      const ended = await m.sh(`set -e; ${COMMANDS[0]} && setpriv --reuid 65534 --clear-groups ${COMMANDS[0]}`);
      expect(ended.code, `${folder}: ${ended.stdout}${ended.stderr}`).toBe(0);
    }
    await m.must('mkdir -m 777 /var/lib/netform');
    for (const command of COMMANDS) {
      const ended = await m.sh(`strace -f -qq -e trace=%file -o /run/calls sh -c '${command}'`);
      expect(ended.code, `${command}: ${ended.stdout}${ended.stderr}`).toBe(0);
      const looks = await m.must(
        "grep -E '\"/(var/lib/netform|run/netns|run/netform|proc/sys|proc/net)' /run/calls || true",
      );
      expect(looks, command).toBe('');
    }
  });
});
