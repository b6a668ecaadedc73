import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { type PluginFault, useFaultyPlugins, withPluginFault } from '../cni-plugins.ts';
import { cniWorld, PLUGIN_PROCESSES, stableCniWorld } from '../cni-world.ts';
import { NIC } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, FILE, faultCounts, isInterrupted, labNames } from '../netform.ts';
import { canAttach, cniAttachments } from '../parts/cni.ts';
import type { DraftLab } from '../parts/part.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { sh } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

/** A lab with attachments, the machine without it, with it, and what it is like before the rules that a reboot takes away. */
type Stage = {
  readonly seed: number;
  readonly lab: unknown;
  readonly plugins: readonly string[];
  readonly empty: string;
  readonly made: string;
};

/** The points are the faults. */
export const attached: Property = {
  name: 'attached',
  title:
    'CNI attachments: kill -9 at every record of apply and destroy, with a reboot, in the middle of a plugin; ADD and DEL that fail at each plugin: nothing of ours is left, and nothing of others is touched',
  unit: 'labs',
  ...{ inTest: 2, inCampaign: 100, perMachine: 1 },
  run: eachSeed(async (seed) => {
    await sh(`set -e\n${NIC}\n${NEIGHBOURS}`);
    must(canAttach(), 'this machine has no CNI plugins');
    useFaultyPlugins();
    const lab = labOf(seed);
    const empty = await cniWorld();
    const { journal } = await faultCounts(() => apply(lab));
    const made = await stableCniWorld();
    const gone = await faultCounts(() => destroy('lab'));
    mustEqual(await cniWorld(), empty, 'destroy did not restore the machine');
    const stage = { seed, lab, empty, made, plugins: pluginsOf(lab) };
    let points = 0;
    for (const k of turns(journal, seed)) points += await killApply(stage, k, `kill@journal:${k}`);
    for (const k of turns(gone.journal, seed)) points += await killDestroy(stage, k, `kill@journal:${k}`);
    for (const [nth, plugin] of stage.plugins.entries())
      if (nth % 2 === seed % 2) points += await failPlugin(stage, plugin, nth);
    return points;
  }),
};

/** A container of somebody else on a network of its own, and what plugins have left in iptables for it. */
const NEIGHBOURS = `
ip netns add c0ffee
mkdir -p /var/lib/cni/networks/theirs /var/lib/cni/results
printf '{"cniVersion":"1.0.0","name":"theirs","type":"bridge","bridge":"theirs0","isGateway":true,"ipMasq":true,"ipam":{"type":"host-local","subnet":"10.99.0.0/24"}}' >/run/theirs
CNI_COMMAND=ADD CNI_CONTAINERID=c0ffee CNI_NETNS=/run/netns/c0ffee CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni /usr/lib/cni/bridge </run/theirs >/var/lib/cni/results/theirs-c0ffee-eth0
echo 0 >/proc/sys/net/ipv4/ip_forward
iptables-save >/run/rules
nft flush ruleset && iptables-restore </run/rules`;

/** Two namespaces, and what the dice attach them to. */
function labOf(seed: number): unknown {
  const lab: DraftLab = {
    version: 1,
    name: 'lab',
    namespaces: { p1: { interfaces: {} }, p2: { interfaces: {} } },
    bridges: {},
    host: { interfaces: {} },
  };
  cniAttachments.add(lab, random(seed + 31));
  return lab;
}

/** The types of all plugins of a lab, those of the addresses, too. */
const pluginsOf = (lab: unknown): readonly string[] => [
  ...new Set([...JSON.stringify(Object(lab).cni).matchAll(/"type":"([a-z-]+)"/g)].map(([, type = '']) => type)),
];

async function killApply(stage: Stage, way: number, fault: string): Promise<number> {
  writeFileSync(FILE, JSON.stringify(stage.lab));
  const { signal, text } = await spawnRunner(['apply', FILE], { fault });
  must(signal === 'SIGKILL', `apply, ${fault}: the run was not killed: ${text}`);
  await recover(stage, way, `apply, ${fault}`);
  return 1;
}

async function killDestroy(stage: Stage, way: number, fault: string): Promise<number> {
  expectSuccess(await apply(stage.lab));
  const { signal, text } = await spawnRunner(['destroy', 'lab'], { fault });
  must(signal === 'SIGKILL', `destroy, ${fault}: the run was not killed: ${text}`);
  await recover(stage, way, `destroy, ${fault}`);
  return 1;
}

/** Every third place of a run, another third for each seed: each takes seconds. */
const turns = (count: number, seed: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => i + 1).filter((k) => (k + seed) % 3 === 0);

/** The next run, after a reboot or without one, gives the lab or takes it away; then it is taken away. */
async function recover({ lab, empty, made, seed }: Stage, way: number, what: string): Promise<void> {
  const how = (way + seed) % 4;
  const text = `${what}, ${['apply', 'destroy', 'reboot and apply', 'reboot and destroy'][how]}`;
  if (how >= 2) await reboot();
  if (how % 2 === 0) {
    expectSuccess(await apply(lab));
    mustEqual(await stableCniWorld(), made, `${text}: another lab`);
  }
  const { exitCode, code, text: said } = await destroy('lab');
  must(exitCode === 0 || code === 'E_WHICH_LAB', `${text}: ${said}`);
  mustEqual(await cniWorld(), empty, `${text}: the machine is not as before the lab`);
  must(!isInterrupted('lab') && labNames().length === 0, `${text}: a record is left`);
}

/** ADD and DEL of one plugin fail, or netform is killed meanwhile. */
async function failPlugin(stage: Stage, plugin: string, nth: number): Promise<number> {
  const { lab, empty, made } = stage;
  for (const action of ['fail', 'late'] as const) {
    const { exitCode, text } = await withPluginFault({ plugin, command: 'ADD', action }, () => apply(lab));
    const what = `${plugin} ADD, ${action}`;
    must(exitCode === 4 && text.includes('refused on purpose'), `${what}: exit ${exitCode}: ${text}`);
    mustEqual(await cniWorld(), empty, `${what}: the machine is not as before`);
  }
  for (const action of ['kill', 'linger'] as const) {
    await killedBy({ plugin, command: 'ADD', action }, ['apply', FILE], lab);
    await recover(stage, action === 'kill' ? nth * 2 : 1 - stage.seed + 4 * stage.seed, `${plugin} ADD, ${action}`);
  }
  const neither = await withPluginFault({ plugin, command: '[AD]*', action: 'fail' }, () => apply(lab));
  must(neither.exitCode === 5 && isInterrupted('lab'), `${plugin} ADD and DEL: ${neither.exitCode}: ${neither.text}`);
  await recover(stage, nth, `${plugin} ADD and DEL`);
  expectSuccess(await apply(lab));
  const { exitCode, text } = await withPluginFault({ plugin, command: 'DEL', action: 'fail' }, () => destroy('lab'));
  must(exitCode === 5 && text.includes('refused on purpose'), `${plugin} DEL: exit ${exitCode}: ${text}`);
  must(labNames().includes('lab'), `${plugin} DEL fails: the lab is forgotten`);
  expectSuccess(await apply(lab));
  mustEqual(await stableCniWorld(), made, `${plugin} DEL fails, then apply: another lab`);
  await killedBy({ plugin, command: 'DEL', action: nth % 2 === 0 ? 'kill' : 'linger' }, ['destroy', 'lab'], lab);
  await recover(stage, nth, `${plugin} DEL, kill`);
  return 7;
}

async function killedBy(fault: PluginFault, args: readonly string[], lab: unknown): Promise<void> {
  writeFileSync(FILE, JSON.stringify(lab));
  const { signal, text } = await withPluginFault(fault, () => spawnRunner(args));
  must(signal === 'SIGKILL', `${JSON.stringify(fault)}: the run was not killed: ${text}`);
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Another boot id, and nothing left of what the kernel holds of labs and plugins; what is not of a lab is there again. */
async function reboot(): Promise<void> {
  writeFileSync('/run/boot-id', `${randomUUID()}\n`);
  await sh(`set -e
    if mountpoint -q ${BOOT_ID}; then umount ${BOOT_ID}; fi
    mount --bind /run/boot-id ${BOOT_ID}
    pgrep -f '${PLUGIN_PROCESSES}' | xargs -r kill -9 2>/dev/null || true
    ip netns list | sed 's/ .*//' | grep '^p[12]$' | xargs -r -n 1 ip netns del
    sleep 0.1
    ip -o link | sed -n 's/^[0-9]*: \\(cbr[01]\\|bwp[0-9a-f]*\\)[:@].*/\\1/p' | xargs -r -n 1 ip link del
    for each in $(ip -o link show type veth | sed -n 's/^[0-9]*: \\(veth[0-9a-f]*\\)@.*/\\1/p'); do
      # The kernel may be taking it away with its namespace meanwhile.
      ip link show dev $each 2>/dev/null | grep -q 'link-netns c0ffee' || ip link del $each 2>/dev/null || true
    done
    nft flush ruleset
    iptables-restore </run/rules
    echo 0 >/proc/sys/net/ipv4/ip_forward
    echo 0 >/proc/sys/net/ipv6/conf/all/forwarding`);
  if (existsSync('/run/netform')) rmSync('/run/netform', { recursive: true });
}
