import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, plan, type RunEnd } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { sh, shSync, snapshot } from '../shell.ts';

/** What somebody else does to the machine, how he finds his own things again, and how he takes them away. */
/** `isHard`: apply may say that it cannot mend it; destroy always works. */
type Interference = {
  readonly what: string;
  readonly script: string;
  readonly check?: string;
  readonly undo?: string;
  readonly isHard?: boolean;
};

const LAB = `
version: 1
name: lab
bridges:
  br-in: { subnet: 10.10.0.0/24, address: 10.10.0.1 }
namespaces:
  red: { interfaces: { eth0: { bridge: br-in, address: 10.10.0.2 } }, dns: { nameservers: [10.10.0.53] } }
  blue:
    interfaces: { eth0: { bridge: br-in, address: 10.10.0.3 }, c0: 10.20.0.1/30 }
    routes: [{ to: 192.168.7.0/24, via: 10.10.0.2 }]
links: ["host:to-blue -- blue:c0"]
host: { interfaces: { to-blue: 10.20.0.2/30 } }
nat: [{ masquerade: br-in }]
portForwards: ["8443 -> blue:443"]
`;
const OTHER = LAB.replace('10.10.0.3', '10.10.0.33').replace('blue:443', 'blue:444').replace('192.168.7', '192.168.8');

const MARKED = 'link add name theirs type bridge';

/** To a lab that is there. */
const DAMAGE: readonly [Interference, ...Interference[]] = [
  { what: 'a namespace deleted', script: 'ip netns del red' },
  { what: 'the bridge deleted', script: 'ip link del dev br-in' },
  { what: 'a cable deleted', script: 'ip -n blue link del dev c0' },
  { what: 'an address deleted', script: 'ip -n red addr flush dev eth0' },
  { what: 'routes deleted', script: 'ip -n blue route del 192.168.7.0/24; ip -n blue route del default' },
  { what: 'routes flushed, those of the kernel too', script: 'ip -n blue route flush table main', isHard: true },
  { what: 'the ruleset flushed', script: 'nft flush ruleset' },
  { what: 'our table deleted', script: 'nft delete table inet netform_lab' },
  {
    what: 'a link that flaps',
    script: 'ip link set dev br-in down; ip link set dev br-in up; ip -n red link set dev eth0 down',
  },
  { what: 'a link renamed', script: 'ip link set dev to-blue down; ip link set dev to-blue name renamed' },
  {
    what: 'a link renamed inside',
    script: 'ip -n red link set dev eth0 down; ip -n red link set dev eth0 name renamed',
  },
  { what: 'a link moved', script: 'ip link set dev to-blue netns red' },
  { what: 'forwarding turned off', script: 'echo 0 >/proc/sys/net/ipv4/ip_forward' },
  { what: 'name files deleted', script: 'rm -rf /etc/netns/red' },
  { what: 'a mark wiped out', script: "ip link set dev br-in alias ''", undo: 'ip link del dev br-in' },
  {
    what: 'a namespace made anew by somebody else',
    script: `ip netns del red; ip netns add red; ip -n red ${MARKED}`,
    check: 'ip -n red link show dev theirs',
    undo: 'ip netns del red',
  },
  {
    what: 'the bridge made anew by somebody else',
    script: 'ip link del dev br-in; ip link add name br-in address 00:00:5e:00:53:01 type bridge',
    check: 'ip link show dev br-in | grep 00:00:5e:00:53:01',
    undo: 'ip link del dev br-in',
  },
];

/** Before there is a lab. */
const OBSTACLES: readonly [Interference, ...Interference[]] = [
  {
    what: 'a namespace of that name',
    script: `ip netns add red; ip -n red ${MARKED}`,
    check: 'ip -n red link show dev theirs',
    undo: 'ip netns del red',
  },
  {
    what: 'a bridge of that name',
    script: 'ip link add name br-in address 00:00:5e:00:53:01 type bridge',
    check: 'ip link show dev br-in | grep 00:00:5e:00:53:01',
    undo: 'ip link del dev br-in',
  },
  {
    what: 'a link of that name',
    script: 'ip link add name to-blue type veth peer name theirs',
    check: 'ip link show dev to-blue && ip link show dev theirs',
    undo: 'ip link del dev theirs',
  },
  {
    what: 'a dead file',
    script: 'touch /run/netns/blue',
    check: 'test -f /run/netns/blue',
    undo: 'rm /run/netns/blue',
  },
  { what: 'the ruleset flushed', script: 'nft flush ruleset' },
  { what: 'forwarding turned on', script: 'echo 1 >/proc/sys/net/ipv4/ip_forward' },
  {
    what: 'a name file',
    script: 'mkdir -p /etc/netns/red; echo nameserver 192.0.2.1 >/etc/netns/red/resolv.conf',
    check: 'grep 192.0.2.1 /etc/netns/red/resolv.conf',
    undo: 'rm /etc/netns/red/resolv.conf; rmdir /etc/netns/red || true',
  },
];

export const interfered: Property = {
  name: 'interfered',
  title:
    'others change the machine between plan and apply: it converges or is refused, and nothing of theirs is harmed',
  unit: 'runs',
  ...{ inTest: 64, inCampaign: 2000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    await eachSeed(async (at) => {
      await sh('echo 0 >/proc/sys/net/ipv4/ip_forward');
      const dice = random(at);
      return dice.often(60) ? runDamage(dice) : runObstacle(dice);
    })(seed, count, report);
  },
};

async function runDamage(dice: Random): Promise<number> {
  expectSuccess(await apply(LAB));
  const deed = dice.one(DAMAGE);
  const goal = dice.one([OTHER, LAB, null]);
  const meanwhile = () => void shSync(deed.script);
  mustExplain(await (goal === null ? destroy('lab', { meanwhile }) : apply(goal, { meanwhile })), deed);
  await mustKeepForeign(deed);
  const again = await apply(OTHER);
  if (deed.isHard) expectSuccess(await destroy('lab'));
  else if (deed.undo === undefined && again.exitCode !== 7) expectSuccess(again);
  mustExplain(again, deed);
  await mustKeepForeign(deed);
  await sh(`${deed.undo ?? 'true'}; ${LEFTOVERS}`);
  await mustRecover(deed);
  return 1;
}

async function runObstacle(dice: Random): Promise<number> {
  const deed = dice.one(OBSTACLES);
  const before = await snapshot();
  const ended = await apply(LAB, { meanwhile: () => void shSync(deed.script) });
  mustExplain(ended, deed);
  await mustKeepForeign(deed);
  if (ended.exitCode !== 0) {
    await sh(deed.undo ?? 'true');
    mustEqual(await snapshot(), before, `${deed.what}: refused, but the machine is not as it was`);
  } else if (deed.undo) {
    await sh(deed.undo);
  }
  await mustRecover(deed);
  return 1;
}

/** Good, or an error that says what it is. */
function mustExplain({ exitCode, text }: RunEnd, { what }: Interference): void {
  must([0, 3, 4, 5, 7].includes(exitCode), `${what}: exit ${exitCode}\n${text}`);
  must(exitCode === 0 || text.length > 20, `${what}: exit ${exitCode} without a word`);
}

async function mustKeepForeign({ what, check }: Interference): Promise<void> {
  if (check === undefined) return;
  try {
    await sh(check);
  } catch {
    throw new Error(`${what}: what somebody else made was harmed\n${shSync('ip -br link; ip netns')}`);
  }
}

/** What was renamed or moved is taken away by those who did it. */
const LEFTOVERS = 'ip link del dev renamed 2>/dev/null; ip -n red link del dev renamed 2>/dev/null; true';

/** With the obstacle gone the lab can be made, and can be removed. */
async function mustRecover({ what }: Interference): Promise<void> {
  const applied = await apply(LAB);
  must(applied.exitCode === 0, `${what}: afterwards apply ends with ${applied.exitCode}\n${applied.text}`);
  const view = await plan(LAB);
  must(view?.described.length === 0, `${what}: the plan is not empty afterwards: ${JSON.stringify(view?.described)}`);
  expectSuccess(await destroy('lab'));
  must(shSync('ip netns').match(/^(?:red|blue)\b/m) === null, `${what}: a namespace is left`);
  must(shSync('ip -br link').match(/^(?:br-in|to-blue)\b/m) === null, `${what}: a link is left`);
}
