import { batch, type Contender, clock, handTyped, lines, lowerbound, mininet, netformIn } from './contenders.ts';
import { labFiles, topologyFile } from './files.ts';
import { CHANGES, chain, forwards, full, SERVICE_NODE, services, star } from './labs.ts';

/** Something that is measured, by size: for each contender a script that is run in a machine of its own. */
export type Case = {
  readonly name: string;
  readonly sizes: readonly number[];
  /** With --quick. */
  readonly quickSizes: readonly number[];
  /** Runs at most, by size, for what takes a minute each time. */
  readonly mostRuns?: { readonly [size: number]: number };
  readonly scenarios: (size: number, stage: Stage) => Promise<readonly Scenario[]>;
};

export type Stage = {
  readonly folder: string;
  /** By name, the checkout that is measured: one, or two to be compared. */
  readonly netforms: readonly { readonly contender: Contender; readonly root: string }[];
  /** False: netform only. */
  readonly others: boolean;
};

/** `script` null: this contender cannot do it, for the reason. */
export type Scenario = {
  readonly contender: Contender;
  readonly script: string | null;
  readonly reason: string;
};

const CHANGED = 1000;
const NOT_MININET = [lowerbound, batch, handTyped];

export const CASES: readonly Case[] = [
  {
    name: 'start',
    sizes: [3],
    quickSizes: [3],
    scenarios: async (size, stage) => {
      const path = topologyFile(stage.folder, `start-${size}`, star(size));
      return netformOnly(stage, (netform) =>
        [
          clock('node', `${process.execPath} -e 0`),
          clock('version', `${netform} --version`),
          clock('help', `${netform} --help`),
          clock('validate', `${netform} validate ${path}`),
          clock('plan', `${netform} plan ${path}`),
        ].flatMap((line) => [line, line]),
      );
    },
  },
  {
    name: 'star',
    sizes: [3, 10, 100, 1000, 5000],
    quickSizes: [10, 100],
    mostRuns: { 5000: 2 },
    scenarios: allContenders('star', star, [lowerbound, batch, handTyped, mininet]),
  },
  {
    name: 'star without names',
    sizes: [1000],
    quickSizes: [100],
    scenarios: allContenders('star-without-names', (size) => star(size, { names: false }), [lowerbound]),
  },
  {
    name: 'chain',
    sizes: [50, 200],
    quickSizes: [50],
    mostRuns: { 200: 3 },
    scenarios: allContenders('chain', chain, NOT_MININET),
  },
  {
    name: 'full',
    sizes: [100, 500],
    quickSizes: [100],
    mostRuns: { 500: 3 },
    scenarios: allContenders('full', full, NOT_MININET),
  },
  {
    name: 'change',
    sizes: [CHANGED],
    quickSizes: [100],
    scenarios: async (size, stage) => {
      const path = (name: string, topology: string): string =>
        topologyFile(stage.folder, `change-${size}-${name}`, topology);
      const base = path('base', star(size));
      const changes = Object.entries(CHANGES).map(([what, change]) => ({
        label: what.replaceAll(' ', '-'),
        ...change(size),
      }));
      return netformOnly(stage, (netform) => [
        `${netform} apply --yes ${base}`,
        ...changes.flatMap(({ label, before, after }) => [
          `${netform} apply --yes ${before === star(size) ? base : path(`before-${label}`, before)}`,
          clock(label, `${netform} apply --yes ${path(label, after)}`),
        ]),
        'ip netns exec n0 ping -c 3 10.0.0.1',
      ]);
    },
  },
  {
    name: 'forwards',
    sizes: [1000, 10_000],
    quickSizes: [1000],
    scenarios: async (size, stage) => {
      const more = topologyFile(stage.folder, `forwards-${size}-more`, forwards(size + 1));
      const all = await allContenders('forwards', forwards, [lowerbound, { ...batch, most: size }])(size, stage);
      return all.map((scenario) => ({
        ...scenario,
        script: scenario.script && withOneMoreForward(scenario, stage, more),
      }));
    },
  },
  {
    name: 'services',
    sizes: [1000],
    quickSizes: [1000],
    scenarios: async (size, stage) => {
      const path = topologyFile(stage.folder, `services-${size}`, services(size));
      const moved = topologyFile(stage.folder, `services-${size}-moved`, services(size, { isMoved: true }));
      return netformOnly(stage, (netform) => [
        clock('apply', `${netform} apply --yes ${path}`),
        clock('nft-list', `ip netns exec ${SERVICE_NODE} nft list ruleset >/run/services.nft`),
        'ip netns add same-rules',
        clock('nft-load', 'ip netns exec same-rules nft -f /run/services.nft'),
        'ip netns delete same-rules',
        clock('plan', `${netform} plan ${moved}`),
        clock('one-endpoint', `${netform} apply --yes ${moved}`),
        `${netform} plan --exit-code ${moved}`,
        clock('destroy', `${netform} destroy --yes`, 'until no link is left'),
      ]);
    },
  },
  {
    name: 'drift',
    sizes: [CHANGED],
    mostRuns: { [CHANGED]: 3 },
    quickSizes: [100],
    scenarios: async (size, stage) => {
      const path = topologyFile(stage.folder, `drift-${size}`, star(size));
      return netformOnly(stage, (netform) => [
        `${netform} apply --yes ${path}`,
        'ip -n n5 address flush dev eth0',
        `${clock('found', `${netform} plan --exit-code ${path}`)} || [ $? = 10 ]`,
        clock('healed', `${netform} apply --yes ${path}`),
        'ip netns exec n5 ping -c 3 10.0.0.1',
        `${netform} plan --exit-code ${path}`,
      ]);
    },
  },
  {
    name: 'reconcile',
    sizes: [100],
    mostRuns: { 100: 2 },
    quickSizes: [10],
    scenarios: async (size, stage) => {
      const path = topologyFile(stage.folder, `reconcile-${size}`, star(size));
      return netformOnly(stage, (netform) => reconcileScript(netform, path));
    },
  },
  {
    name: 'recover',
    sizes: [400],
    mostRuns: { 400: 3 },
    quickSizes: [100],
    scenarios: async (size, stage) => {
      const path = topologyFile(stage.folder, `recover-${size}`, star(size));
      return netformOnly(stage, (netform) => [
        `${netform} apply --yes ${path} & victim=$!`,
        `while [ $(($(wc -l </proc/net/dev) - 2)) -lt $((LINKS + ${size} / 2)) ]; do kill -0 $victim; sleep 0.01; done`,
        'kill -9 $victim',
        'wait $victim || [ $? = 137 ]',
        clock('recover', `${netform} recover`, 'until no link is left'),
        '[ -z "$(ls /run/netns)" ]',
      ]);
    },
  },
];

/** netform and those others who can make such a lab: of mininet that is the star only. */
function allContenders(
  name: string,
  topology: (size: number) => string,
  rivals: readonly Contender[],
): Case['scenarios'] {
  return async (size, { folder, netforms, others }) => {
    const lab = await labFiles(folder, `${name}-${size}`, topology(size));
    const contenders = [...netforms.map(({ contender }) => contender), ...(others ? rivals : [])];
    return contenders.map((contender) => {
      const reason = size > contender.most ? 'not measured: it takes minutes' : contender.missing();
      const script = reason === null ? contender.build(lab, { size, folder }) : null;
      return { contender, script, reason: reason ?? '' };
    });
  };
}

const netformOnly = ({ netforms }: Stage, script: (netform: string) => readonly string[]): readonly Scenario[] =>
  netforms.map(({ contender, root }) => ({ contender, script: lines(script(netformIn(root))), reason: '' }));

/** One forward is added before the lab goes. */
function withOneMoreForward({ contender, script }: Scenario, { netforms }: Stage, path: string): string | null {
  const mine = netforms.find((one) => one.contender === contender);
  if (!mine || script === null) return script;
  const step = clock('one-more', `${netformIn(mine.root)} apply --yes ${path}`);
  return script.replace(/(?=^.* destroy )/m, `${step}\n`);
}

/** A lab follows a repository: runs with nothing to do, and a resident one that sleeps, and heals. */
const reconcileScript = (netform: string, topology: string): readonly string[] => [
  'umask 022',
  'git init --quiet --bare --initial-branch main /run/lab.git; git init --quiet --initial-branch main /run/work',
  `cp ${topology} /run/work/lab.yaml; git -C /run/work add lab.yaml`,
  'git -C /run/work -c user.name=t -c user.email=t@lab.test commit --quiet --message lab',
  'git -C /run/work push --quiet /run/lab.git main',
  "mkdir /run/files; printf 'version: 1\\nsource: { git: /run/lab.git }\\nconfirm: 0\\n' >/run/files/follow.yaml",
  `${netform} reconcile /run/files/follow.yaml`,
  clock('idle', `${netform} reconcile /run/files/follow.yaml`),
  `${netform} reconcile /run/files/follow.yaml --watch >/run/said & resident=$!`,
  'until [ -s /run/said ]; do sleep 0.1; done',
  // A bridge speaks of its new ports for half a minute.
  'sleep 40',
  'used() { echo $(($(cut -d" " -f14 /proc/$resident/stat) + $(cut -d" " -f15 /proc/$resident/stat))); }',
  'before=$(used); sleep 10; ticks=$(($(used) - before)); memory=$(sed -n "s/^VmRSS:\\s*\\([0-9]*\\) kB/\\1/p" /proc/$resident/status)',
  'echo "ten-seconds-resident 10000 $((ticks * 10)) $memory 0" >>"$BENCH_OUT"',
  "printf '%s\\n' 'ip -n n5 address flush dev eth0 scope global' 'until ip -n n5 -4 -o address show dev eth0 | grep -q inet; do sleep 0.005; done' >/run/heal.sh",
  clock('healed', 'sh /run/heal.sh'),
  'kill $resident; wait $resident',
];
