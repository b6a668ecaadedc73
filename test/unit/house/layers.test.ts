import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { features } from '../../../src/registry/features.ts';
import { kinds, linkKinds } from '../../../src/registry/kinds.ts';
import { LAYERS } from '../../support/layers.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'src');

/** The one door of each library. */
const DOORS: { readonly [library: string]: RegExp } = {
  koffi: /^kernel\/libc\.ts$/,
  yaml: /^source\/(?:document|print-yaml|read-yaml)\.ts$/,
  listr2: /^report\/progress\/task-list\.ts$/,
  execa: /^kernel\/process\/run-program\.ts$/,
  ajv: /^source\//,
  // A development dependency: a build has the text that it made.
  esbuild: /^picture\/page\/browser-script\.ts$/,
  elkjs: /^picture\/layout\/elk-layout\.ts$/,
  '@oclif/core': /^(?:commands|cli)\//,
};

/** Where a kind must not be known by name: a new one is a folder of its own and nothing else. */
const KINDLESS = /^(?:engine|report|commands|cli|pipeline|store)\//;
const COMMENT = /^\s*(?:\/\*\*|\*|\/\/)/;
const MAX_LINES = 250;

type Import = { readonly from: string; readonly to: string };

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const imports = files.flatMap(importsOf);
const local = imports.filter(({ to }) => to.startsWith('.')).map((one) => ({ ...one, to: resolved(one) }));

test('the layers import only what they may', () => {
  const broken = local.filter(({ from, to }) => {
    const [mine, theirs] = [layerOf(from), layerOf(to)];
    return mine !== theirs && !LAYERS[mine]?.imports.includes(theirs);
  });
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no feature imports another feature', () => {
  const featureOf = (file: string): string | null => /^features\/([^/]+)\//.exec(file)?.[1] ?? null;
  const broken = local.filter(({ from, to }) => {
    const [mine, theirs] = [featureOf(from), featureOf(to)];
    return mine !== null && theirs !== null && mine !== theirs;
  });
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('every library has one door', () => {
  const broken = imports.filter(({ from, to }) => {
    if (to.startsWith('.') || to.startsWith('node:')) return false;
    const name = to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/');
    return !DOORS[name]?.test(from);
  });
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no file imports itself by a detour', () => {
  expect(
    circleIn(new Map(files.map((file) => [file, local.filter(({ from }) => from === file).map(({ to }) => to)]))),
  ).toBe(null);
});

test('a file is one idea', () => {
  const isGenerated = (file: string) => textOf(file).startsWith('// Generated from');
  const long = files.filter((file) => textOf(file).split('\n').length - 1 > MAX_LINES && !isGenerated(file));
  expect(long).toEqual([]);
});

/** Where a feature must not be known by name. Pictures, importers and checks read what it adds to a lab. */
const FEATURELESS = /^(?:engine|kernel|store|kinds|instructions|source|lab|report|commands|cli|pipeline)\//;

test('no phase and no kind knows a feature by name', () => {
  // What is run is not only programs of a lab.
  const names = features.map(({ name }) => name).filter((name) => name !== 'run');
  const literal = new RegExp(`(['"\`])(?:${names.join('|')}|portForwards|dns)\\1`);
  const allowed = new Set([
    "lab/registers.ts: nat: all('nat'),",
    // A type of chains of the kernel.
    "kernel/cni/footprint/localnet.ts: type === 'nat' && hook === 'output' ? [name] : [],",
    "source/mistakes/foreign-format.ts: is: (keys, { services }) => keys.has('services') && !leadSomewhere(services ?? null),",
  ]);
  const broken = files
    .filter((file) => FEATURELESS.test(file))
    .flatMap((file) =>
      textOf(file)
        .split('\n')
        .filter((line) => literal.test(line) && !COMMENT.test(line) && !/^\s*(?:'|\w+: ')[A-Z]/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(broken.filter((line) => !allowed.has(line))).toEqual([]);
});

test('no phase knows a kind by name', () => {
  // Every phase has files and processes of its own, and a synonym of the command `rename` is `move`.
  const names = [...kinds.keys()].filter((name) => !['file', 'process', 'move'].includes(name));
  const literal = new RegExp(`(['"\`])(?:${names.join('|')})(?:\\1|:)`);
  const broken = files
    .filter((file) => KINDLESS.test(file))
    .flatMap((file) => {
      const lines = textOf(file).split('\n');
      return lines.flatMap((line, i) =>
        literal.test(line) && !COMMENT.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
      );
    });
  expect(broken).toEqual([]);
});

test('the engine names no instruction and no field of an object', () => {
  const named =
    /'[a-z]+\.[a-z]+'|\bspec\??(?:\.\[|\[)'|\bspec\.[a-z]|NETFORM_|\.(?:links|addresses|routes|rules|group)\b/;
  const lines = files
    .filter((file) => file.startsWith('engine/'))
    .flatMap((file) =>
      textOf(file)
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(lines.filter((line) => named.test(line))).toEqual([]);
});

/** Where a kind of link is named outside its folder: in generated files, and as a word of another language or a key of ours. */
const NAMES_OF_LINK_KINDS: { readonly [place: string]: string } = {
  'kinds/links/index.ts': 'generated',
  'features/wireguard-peers/': 'the feature for what is behind these links',
  'features/index.ts': 'generated',
  'programs/wireguard-go.ts': 'the program, and folders of its name',
  'instructions/wireguard/': 'the instructions for what is behind these links',
  'registry/instructions.ts': 'the family of that name',
  'kernel/netlink/links/wireguard/': 'the generic netlink family',
  'kernel/read/needs/': 'the need of that name',
  'model/kernel/need.ts': 'the need of that name',
  'model/instruction.ts': 'the family of that name',
  'model/diagnostics/check-codes.ts': 'generated',
  'import/commands/': 'words of ip',
  'import/formats/containerlab/': 'words of containerlab',
  'import/links/wireguard-words.ts': 'the device behind such a link',
  'kernel/read/import-facts.ts': 'the need of that name',
  'import/accepted-document.ts': 'the key `bridge` of an interface',
  'instructions/shell-commands.ts': 'the program bridge(8)',
  'instructions/bridge-vlan/shell.ts': 'words of bridge(8)',
  'import/formats/compose/': 'words of Docker Compose',
  'kinds/files/conflist/': 'plugins of CNI',
  'features/cni-attachments/': 'plugins of CNI',
  'kernel/cni/': 'plugins of CNI',
  'lab/wiring/plugin-links.ts': 'the key `bridge` of an interface',
  'kernel/netlink/netfilter/nf-tables.ts': 'a family of nftables',
  'kernel/nftables/table-commands.ts': 'a family of nftables',
  'kinds/nft/': 'a family of nftables',
  'instructions/nft/types.ts': 'a family of nftables',
  'registry/kinds.ts': 'a family of nftables',
  'features/anti-spoofing/nft-part.ts': 'a family of nftables',
  'kinds/links/tunnel-ends-doc.ts': 'an example of the language',
  'kernel/netns/tuntap.ts': 'the device /dev/net/tun',
  'checks/addresses/subnet-on-machine.ts': 'a device of a VPN',
  'checks/machine/unknown-account.ts': 'an example',
  'kinds/links/interface-schema.ts': 'the key `bridge` of an interface',
  'lab/wiring/cables.ts': 'the key `bridge` of an interface',
  'source/normalise/interface.ts': 'the key `bridge` of an interface',
  'source/normalise/switching/bridge-tables.ts': 'the key `vlan` of an entry',
  'source/mistakes/': 'the key `bridge` of an interface',
  'import/interfaces.ts': 'the key `bridge` of an interface',
  'firewall/foreign-port-forwards.ts': 'a header of nftables',
  'net/ip-protocols.ts': 'protocols of IP',
  'features/firewall/': 'protocols of IP',
  'kinds/links/link-instructions.ts': 'a rule for ports that stands in the folder of their master',
  'kinds/links/nic-port.ts': 'the order in which a bond takes ports',
  'checks/traffic/rule-without-route.ts': 'the rule that the kernel makes with the first VRF',
  'kernel/netlink/neighbours/fdb.ts': 'a word of bridge(8)',
  'commands/': 'a synonym of rename',
  'checks/machine/nic-in-use.ts': 'the key `move` of an interface',
  'source/expand/defaults.ts': 'the key `move` of an interface',
  'picture/page/detail-fields.ts': 'the key `bridge` of an interface',
};

test('a link kind is named in its own folder alone', () => {
  const all = [...linkKinds.values()];
  // The others, bridge, veth, vlan and move, are words of prose too: only a literal names the kind.
  const isProse = (name: string) => name === 'vlan' || name === 'move';
  const own = all.filter(({ section, name }) => section === 'interfaces' && !isProse(name)).map(({ name }) => name);
  const named = new RegExp(`\\b(?:${own.join('|')})\\b|(['"\`])(?:${all.map(({ name }) => name).join('|')})(?:\\1|:)`);
  const found = files.filter((file) => {
    if (all.some(({ name }) => file.startsWith(`kinds/links/${name}/`))) return false;
    return textOf(file)
      .split('\n')
      .some((line) => named.test(line) && !COMMENT.test(line));
  });
  const places = Object.keys(NAMES_OF_LINK_KINDS);
  expect(found.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
  expect(places.filter((place) => !found.some((file) => file.startsWith(place)))).toEqual([]);
});

function importsOf(from: string): readonly Import[] {
  const found = textOf(from).matchAll(/^(?:import|export)\s[^;]*?\sfrom\s+'([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].map(([, named, lazy]) => ({ from, to: named ?? lazy ?? '' }));
}

function resolved({ from, to }: Import): string {
  return relative(ROOT, join(ROOT, dirname(from), to));
}

/** The types of an instruction family are part of the model, though they stand beside its executor. */
const layerOf = (file: string): string =>
  /^instructions\/[^/]+\/types\.ts$/.test(file) ? 'model' : (file.split('/')[0] ?? '');

/** The files of the first circle, or null. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string | null {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ');
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return null;
}
