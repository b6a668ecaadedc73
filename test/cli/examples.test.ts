import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Config } from '@oclif/core';
import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: red-blue
vars: { subnet: 10.7.0.0/24 }
bridges: { sw: { subnet: "\${subnet}" } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } } }
  blue: { interfaces: { eth0: { bridge: sw } } }
`;

/** What an example may end with besides 0. */
const MAY_END: { readonly [command: string]: readonly number[] } = { plan: [10] };

const config = await Config.load(repository);

test('every command has a summary and examples', () => {
  const files = readdirSync(join(repository, 'src', 'commands')).map((name) => name.replace(/\.ts$/, ''));
  expect(config.commandIDs.toSorted()).toEqual(files.toSorted());
  for (const command of config.commands) {
    expect(command.summary, command.id).toMatch(/^[A-Z].*\.$/);
    expect(command.examples?.length, command.id).toBeGreaterThan(0);
  }
});

for (const command of config.commands) {
  test(`the examples of ${command.id} work as they stand in its help`, () =>
    withMachine(async (m) => {
      await prepare(m, command.id);
      for (const example of command.examples ?? []) {
        const line = (typeof example === 'string' ? example : example.command)
          .replaceAll('<%= config.bin %>', 'netform')
          .replaceAll('<%= command.id %>', command.id);
        if (command.id === 'destroy') await m.must('netform apply --yes', inside);
        const ended = await m.sh(line, inside);
        expect([0, ...(MAY_END[command.id] ?? [])], `${line}\n${ended.stderr}`).toContain(ended.code);
        expect(ended.stdout === '' && !line.includes('>'), line).toBe(false);
      }
    }));
}

const inside = { cwd: '/run/work', env: { PATH: `/run/bin:${process.env['PATH']}` } };

/** `netform` as a command, and a folder with topology.yaml and lab.yaml. What is to be shown is applied. */
async function prepare(m: Machine, command: string): Promise<void> {
  await m.must(`mkdir -p /run/work /run/bin && ln -s ${join(repository, 'bin', 'run.js')} /run/bin/netform`);
  await m.sh('tee /run/work/topology.yaml > /run/work/lab.yaml', { input: LAB });
  if (command === 'show' || command === 'list') await m.must('netform apply', inside);
}
