import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { comparableSnapshot } from './comparable-snapshot.ts';

const recipes = readdirSync(join(import.meta.dirname, 'recipes'));
const golden = (recipe: string): string => join('golden', recipe.replace(/sh$/, 'yaml'));

/** Of recipes with NAT: who serves a port of the machine, who goes out, and what is seen then. */
const PORTS: {
  readonly [recipe: string]: { readonly server: string; readonly port: number; readonly client: string };
} = {
  '3-nat.sh': { server: 'blue', port: 80, client: 'red' },
  '5-docker.sh': { server: 'web', port: 8080, client: 'client' },
};
const SEEN = ['served to 203.0.113.9', 'seen as 203.0.113.1'];
const TRAFFIC: { readonly [recipe: string]: readonly string[] } = { '3-nat.sh': SEEN, '5-docker.sh': SEEN };

/** What comes of a connection from outside to a port of the machine, and of one from a namespace to the outside. */
async function traffic(m: Machine, recipe: string): Promise<readonly string[]> {
  const ports = PORTS[recipe];
  if (ports === undefined) return [];
  await m.must(`ip netns add out && ip link add up0 type veth peer name eth0 netns out
    ip addr add 203.0.113.1/24 dev up0 && ip link set up0 up
    ip -n out addr add 203.0.113.9/24 dev eth0 && ip -n out link set eth0 up`);
  const serve = (netns: string, port: number, words: string) =>
    m.start(['ip', 'netns', 'exec', netns, 'ncat', '-lk', String(port), '-c', `echo "${words} $NCAT_REMOTE_ADDR"`]);
  serve(ports.server, 80, 'served to');
  serve('out', 7000, 'seen as');
  // The client must not end what it says before the answer has come: ncat's server then ends the command, too.
  const ask = (netns: string, target: string) =>
    m.must(`for i in $(seq 50); do
      answer=$(ip netns exec ${netns} ncat --recv-only -w2 ${target} 2>/dev/null); [ -z "$answer" ] || break; sleep 0.1
    done; echo "$answer"`);
  const answers = [await ask('out', `203.0.113.1 ${ports.port}`), await ask(ports.client, '203.0.113.9 7000')];
  return answers.map((answer) => answer.trim());
}

/** Runs a recipe as a person would, who has sudo. */
async function byHand(m: Machine, recipe: string): Promise<void> {
  await m.must(`mkdir /run/bin && printf '#!/bin/sh\\nexec "$@"\\n' >/run/bin/sudo && chmod 755 /run/bin/sudo`);
  await m.must(`PATH=/run/bin:$PATH ${repository}test/import/recipes/${recipe}`);
}

describe.concurrent('the recipe', () => {
  test.for(recipes)('%s comes out as a topology that makes the same', async (recipe, { expect }) => {
    const script = `test/import/recipes/${recipe}`;
    const [hand, topology] = await withMachine(async (m) => {
      const { stdout } = await runNetform(m, ['import', 'script', script]);
      await expect(stdout).toMatchFileSnapshot(golden(recipe));
      await byHand(m, recipe);
      const snapshot = await m.snapshot();
      expect(await changesOfTakeover(m)).toEqual([]);
      if (recipe in PORTS || recipe === '8-overlay.sh') {
        await takeOverAndLetGo(m);
        expect(await m.snapshot()).toBe(snapshot);
      }
      expect(await traffic(m, recipe)).toEqual(TRAFFIC[recipe] ?? []);
      return [snapshot, stdout];
    });
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: topology });
      expect(differences(comparableSnapshot(await m.snapshot()), comparableSnapshot(hand))).toEqual([]);
      await runNetform(m, ['plan', '-', '--exit-code'], { input: topology });
      expect(await traffic(m, recipe)).toEqual(TRAFFIC[recipe] ?? []);
    });
  });
});

type Operation = {
  readonly id: string;
  readonly takenFrom: string | null;
  readonly changes: readonly { readonly path: readonly string[] }[];
};

/** What would change, besides marks, when what is there is imported and taken over. */
async function changesOfTakeover(m: Machine): Promise<readonly string[]> {
  const { stdout } = await runNetform(m, ['import', 'live', '--all']);
  const plan = await runNetform(m, ['plan', '-', '--adopt', '--json'], { input: stdout });
  const operations: readonly Operation[] = JSON.parse(plan.stdout).operations;
  return operations.flatMap(({ id, takenFrom, changes }) => {
    const more = changes.filter(({ path }) => !path.some((part) => /former|details|label|^protocol$/.test(part)));
    return takenFrom === null || more.length > 0
      ? [`${id} ${more.map(({ path }) => path.join('.')).join(' ')}`.trim()]
      : [];
  });
}

/** The same, done: afterwards there is nothing to do, and destroy gives everything back. */
async function takeOverAndLetGo(m: Machine): Promise<void> {
  const { stdout: input } = await runNetform(m, ['import', 'live', '--all']);
  await runNetform(m, ['apply', '-', '--adopt'], { input });
  await runNetform(m, ['plan', '-', '--exit-code'], { input });
  await runNetform(m, ['destroy', 'imported', '--yes']);
}

/** The lines that only one of the two has. */
function differences(one: string, other: string): readonly string[] {
  const [left, right] = [one.split('\n'), other.split('\n')];
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`),
  ];
}
