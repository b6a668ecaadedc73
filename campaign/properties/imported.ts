import { NIC } from '../foreign-objects.ts';
import { asTypedByHand, foreignWords } from '../hand-built.ts';
import { randomLab } from '../labs.ts';
import { applyAdopting, commandsOf, destroy, expectSuccess, importLiveMachine, planAdopting } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { sh, stableSnapshot } from '../shell.ts';

export const imported: Property = {
  name: 'imported',
  title: 'a lab that was built by hand: import, then apply --adopt, then plan is empty, and destroy gives it back',
  unit: 'labs',
  ...{ inTest: 30, inCampaign: 300, perMachine: 32 },
  run: eachSeed(async (seed) => {
    await sh(CLEAN);
    await buildByHand(seed);
    const before = await stableSnapshot();
    const { text, errors } = await importLiveMachine(random(seed).often(50) ? 'whole' : 'touched');
    must(errors === '', `the imported topology has errors:\n${errors}\n${text}`);
    expectSuccess(await applyAdopting(text));
    const view = await planAdopting(text);
    must(view, `the plan of what was adopted is refused\n${text}`);
    must(view.described.length === 0, `the plan is not empty: ${JSON.stringify(view.described)}\n${text}`);
    expectSuccess(await destroy('imported'));
    mustEqual(await stableSnapshot(), before, `destroy did not give the machine back\n${text}`);
    return 1;
  }),
};

async function buildByHand(seed: number): Promise<void> {
  const { cni: _cni, ...all } = randomLab(seed);
  // Name files carry marks.
  const lab = JSON.parse(JSON.stringify(all, (key, value) => (key === 'dns' ? undefined : value)));
  const typed = asTypedByHand(await commandsOf({ ...lab, dns: { names: false } }), seed);
  await sh(`set -e\n${typed}`);
  for (const word of foreignWords(lab, seed)) await sh(`(${word}) >/dev/null 2>&1 || true`);
}

/** Takes away what the run before made. Settings of the machine may stay: each run compares with its own start. eth9 is the NIC of random labs. */
const CLEAN = `
ip -all netns delete
for link in $(ip -o link | sed 's/^[0-9]*: //; s/[@:].*//' | grep -v '^lo$'); do ip link del dev "$link" 2>/dev/null; done
nft flush ruleset
ip addr flush dev lo scope global
for family in -4 -6; do
  ip $family rule | sed -n 's/^\\([1-9][0-9]*\\):.*/\\1/p' | grep -v '^3276[67]$' | while read -r rule; do ip $family rule del pref "$rule"; done
done
echo 0 >/proc/sys/net/ipv4/ip_forward
rm -rf /etc/netns /var/lib/netform/imported${NIC}`;
