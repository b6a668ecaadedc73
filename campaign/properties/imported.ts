import { writeFileSync } from 'node:fs';
import { example } from '../examples.ts';
import { NIC } from '../foreign-objects.ts';
import { asTypedByHand, foreignWords } from '../hand-built.ts';
import { randomLab } from '../labs.ts';
import {
  apply,
  applyAdopting,
  commandsOf,
  destroy,
  expectSuccess,
  type ImportedText,
  importLiveMachine,
  importScriptFile,
  plan,
  planAdopting,
} from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { sh, stableSnapshot } from '../shell.ts';

const SCRIPT = '/run/imported.sh';

export const imported: Property = {
  name: 'imported',
  title:
    'a lab built by hand: what import prints is valid, is adopted or made without a rest, and destroy gives the machine back',
  unit: 'labs',
  ...{ inTest: 42, inCampaign: 300, perMachine: 32 },
  run: eachSeed(async (seed) => {
    await sh(CLEAN);
    return seed % 4 === 3 ? runScript(seed) : runLive(seed);
  }),
};

/** Builds the lab, imports the machine, and adopts what is there. */
async function runLive(seed: number): Promise<number> {
  await sh(NIC);
  const { script, words } = await handBuilt(seed);
  await sh(`set -e\n${script}`);
  for (const word of words) await sh(`(${word}) >/dev/null 2>&1 || true`);
  const before = await stableSnapshot();
  const text = validText(await importLiveMachine(random(seed).often(50) ? 'whole' : 'touched'));
  expectSuccess(await applyAdopting(text));
  mustBeEmpty(await planAdopting(text), text);
  expectSuccess(await destroy('imported'));
  mustEqual(await stableSnapshot(), before, `destroy did not give the machine back\n${text}`);
  return 1;
}

/** Imports the script that builds the lab, and makes what it says. */
async function runScript(seed: number): Promise<number> {
  await sh(NIC);
  const { script, words } = await handBuilt(seed);
  await sh(CLEAN);
  writeFileSync(SCRIPT, ['#!/bin/bash', NIC, script, ...words].join('\n'));
  const before = await stableSnapshot();
  const text = validText(await importScriptFile(SCRIPT));
  expectSuccess(await apply(text));
  mustBeEmpty(await plan(text), text);
  expectSuccess(await destroy('imported'));
  mustEqual(await stableSnapshot(), before, `destroy did not give the machine back\n${text}`);
  return 1;
}

/** The commands of the lab of a seed without its name files, which carry marks, and words about it. */
async function handBuilt(seed: number) {
  const all: unknown = example(seed) ?? randomLab(seed);
  const lab = JSON.parse(JSON.stringify(all, (key, value) => (key === 'dns' || key === 'cni' ? undefined : value)));
  const commands = await commandsOf({ ...lab, dns: { names: false } });
  return { script: asTypedByHand(commands, seed), words: foreignWords(lab, seed) };
}

function validText({ text, errors }: ImportedText): string {
  must(errors === '', `the imported topology has errors:\n${errors}\n${text}`);
  return text;
}

function mustBeEmpty(view: Awaited<ReturnType<typeof plan>>, text: string): void {
  must(view, `the plan of what was made is refused\n${text}`);
  must(view.described.length === 0, `the plan is not empty: ${JSON.stringify(view.described)}\n${text}`);
}

/** Takes away what the run before made. Settings of the machine may stay: each run compares with its own start. */
const CLEAN = `
ip -all netns delete
for link in $(ip -o link | sed 's/^[0-9]*: //; s/[@:].*//' | grep -v '^lo$'); do ip link del dev "$link" 2>/dev/null; done
nft flush ruleset
ip addr flush dev lo scope global
for family in -4 -6; do
  ip $family rule | sed -n 's/^\\([1-9][0-9]*\\):.*/\\1/p' | grep -v '^3276[67]$' | while read -r rule; do ip $family rule del pref "$rule"; done
done
ip route flush table all type blackhole; ip route flush table all type unreachable
echo 0 >/proc/sys/net/ipv4/ip_forward
rm -rf /etc/netns /var/lib/netform/imported
true`;
