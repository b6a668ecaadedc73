import { isMarkFact, isTakenAway, LINKS_BY_HAND, linkFacts, linkParts, linkWord } from '../link-words.ts';
import { apply, destroy, expectSuccess } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { sh } from '../shell.ts';

/** `points` are the lines of `ip -d` that were compared. */
export const unknown: Property = {
  name: 'unknown',
  title: 'random attributes on foreign and on adopted objects: adopt, apply and destroy leave them as they were',
  unit: 'runs',
  ...{ inTest: 96, inCampaign: 5000, perMachine: 32 },
  run: eachSeed(async (seed) => {
    const dice = random(seed);
    const isAdopted = dice.often(60);
    // The links of the lab's own are not changed: the kernel takes away what is on one that gets another MAC or master.
    const lab = topology(dice, isAdopted);
    await (isAdopted ? sh(HAND) : apply(topology(random(seed + 1), false)).then(expectSuccess));
    const usual = new Set(await linkFacts());
    const commands = Array.from({ length: 1 + dice.below(8) }, () => `ip -n red ${dice.one(COMMANDS)(dice)}`);
    const words = Array.from({ length: dice.below(8) }, () => linkWord(dice, isAdopted));
    // What the kernel refuses is left out: two of the same, or a value that this one lacks.
    await sh(`(${[...commands, ...words].join('\n')}) 2>/dev/null || true`);
    const before = await seen();
    const linksBefore = await linkFacts();
    const { exitCode, text } = await apply(lab, { adopt: true });
    must(exitCode === 0 || exitCode === 7, `apply ended with ${exitCode}: ${text}`);
    const during = new Set((await seen()).split('\n'));
    const marked = before.split('\n').filter((line) => WORDS.test(line));
    const linksDuring = new Set(await linkFacts());
    const unsaid = linksBefore.filter((line) => !usual.has(line) && !isMarkFact(line) && !isTakenAway(line, lab));
    for (const line of marked) must(during.has(line), `apply lost: ${line}`);
    for (const line of unsaid) must(linksDuring.has(line), `apply lost: ${line}`);
    if (exitCode === 0 || !isAdopted) expectSuccess(await destroy('lab'));
    if (isAdopted) mustEqual(await seen(), before, 'destroy did not restore the namespace');
    if (isAdopted) mustEqual(sorted(await linkFacts()), sorted(linksBefore), 'destroy did not restore the links');
    if (isAdopted) await sh('ip netns del red');
    return marked.length + unsaid.length + 1;
  }),
};

const sorted = (lines: readonly string[]): string => [...lines].sort().join('\n');

const HAND = `set -e
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
ip netns add red; ip -n red link set lo up
${LINKS_BY_HAND}
ip -n red address add 10.1.0.2/24 dev eth0; ip -n red address add fd01::2/64 dev eth0 nodad`;

/** Everything of the namespace in all detail; the time that is left of a lifetime is left out. */
const seen = async (): Promise<string> =>
  (
    await sh(`for family in -4 -6; do ip -n red -d $family -force -batch - <<'.'
rule
route show table all
address show eth0
address show eth1
neighbour show nud all
.
done`)
  )
    .replace(/\d+sec/g, 'sec')
    .split('\n')
    .filter((line) => !/fe80:|ff00:|ff02:|^(?:local|multicast|anycast)|INCOMPLETE|FAILED|NOARP/.test(line))
    .join('\n');

/** Words that a line of `ip` has only when there is something that no plain object has. */
const WORDS =
  /\bnot\b|tos|suppress|ipproto|port|uidrange|tun_id|realm|goto|l3mdev|quickack|window|rto_min|nhid|encap|expires|peer|metric 7|noprefix|sec\b|extern_learn|router|throw/;

/** A plain object of a kind, some of them with one attribute or more. */
const COMMANDS: readonly [(dice: Random) => string, ...((dice: Random) => string)[]] = [
  (dice) => `rule add ${selector(dice)} ${dice.one(RULE_WORDS)} lookup 7 priority ${priority(dice)}`,
  (dice) => `rule add not ${selector(dice)} lookup 7 priority ${priority(dice)}`,
  (dice) => `rule add priority ${priority(dice)} ${dice.one(['goto 32766', 'l3mdev'])}`,
  (dice) =>
    `-6 rule add from ${dice.one(['all', 'fd01::/64'])} ${dice.one(RULE_WORDS)} lookup 7 priority ${priority(dice)}`,
  (dice) => `route add ${destination(dice)} via 10.1.0.9 ${dice.one(ROUTE_WORDS)}`,
  (dice) => `route add throw ${destination(dice)}`,
  (dice) => `route add ${destination(dice)} ${dice.one(['encap ip id 3 dst 10.1.0.8', ''])} dev eth0`,
  (dice) => `-6 route add fd0${dice.below(4)}::/64 via fd01::9 dev eth0 ${dice.one(['expires 4000', 'pref high', ''])}`,
  (dice) => `address add 10.1.0.${3 + dice.below(4)}/24 dev eth0 ${dice.one(ADDRESS_WORDS)}`,
  (dice) => `address add 10.1.0.${3 + dice.below(4)} peer 10.1.${dice.below(2)}.8 dev eth0`,
  (dice) =>
    `neighbour add 10.1.0.${7 + dice.below(2)} lladdr 02:00:00:00:00:07 dev eth0 nud permanent ${dice.one(['', 'extern_learn', 'router'])}`,
];

const selector = (dice: Random): string => dice.one(['from all', 'from 10.1.0.0/24', 'from 10.1.0.0/24 fwmark 7']);
const priority = (dice: Random): number => 1000 + 10 * dice.below(3);
const destination = (dice: Random): string => `10.${5 + dice.below(4)}.0.0/16`;

const RULE_WORDS = [
  ...['', 'ipproto tcp dport 80', 'sport 90', 'tos 0x10', 'uidrange 100-200', 'tun_id 7'],
  ...['realms 3/5', 'suppress_prefixlength 0', 'suppress_ifgroup 3'],
] as unknown as readonly [string, ...string[]];
const ROUTE_WORDS = [
  ...['', 'quickack 1', 'window 1000', 'rto_min 20ms', 'tos 0x10', 'advmss 1400', 'mtu lock 1300', 'realms 5'],
] as unknown as readonly [string, ...string[]];
const ADDRESS_WORDS = [
  ...['', 'brd +', 'label eth0:x', 'metric 77', 'noprefixroute', 'valid_lft 4000 preferred_lft 3000', 'scope link'],
] as unknown as readonly [string, ...string[]];

/** What a file says of the same objects, without their attributes. */
function topology(dice: Random, isStrange: boolean) {
  const some = <T>(items: readonly T[]): readonly T[] => items.filter(() => dice.often(25));
  const rules = some([1000, 1010, 1020]).map((priority) => ({ from: '10.1.0.0/24', table: 7, priority }));
  const routes = some([5, 6, 7, 8]).map((net) => ({ to: `10.${net}.0.0/16`, via: '10.1.0.9' }));
  const own = some([3, 4, 5]).map((host) => `10.1.0.${host}/24`);
  const { links, bridges, cables, ...parts } = linkParts(dice, isStrange);
  const eth0 = { ...parts.eth0, address: ['10.1.0.2/24', 'fd01::2/64', ...own] };
  const neighbours = some([7]).map((host) => ({ to: `10.1.0.${host}`, mac: '02:00:00:00:00:07', dev: 'eth0' }));
  return {
    version: 1,
    name: 'lab',
    namespaces: { red: { interfaces: { eth0, ...links }, bridges, rules, routes, neighbours } },
    links: cables,
    dns: { names: false },
  };
}
