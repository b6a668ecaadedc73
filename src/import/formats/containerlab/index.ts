import type { Json } from '../../../model/json.ts';
import { readCommands } from '../../commands/index.ts';
import { type ContainerPrograms, NO_PROGRAMS, runNote } from '../../programs/container-programs.ts';
import { type ImportResult, omitEmpty } from '../../result.ts';
import { listValue, mapValue, textValue, unsupportedKeys } from '../../yaml-values.ts';
import type { FileImportContext, FileImporter } from '../file-importer.ts';
import { interfaceNames } from './interface-names.ts';
import { containerlabLink } from './links.ts';
import { EXTERNAL, MANAGEMENT_KEYS, managementNetwork } from './management.ts';
import { namespaceOf } from './namespaces.ts';
import { type ContainerlabNode, containerlabNodes, type NodeGroups, renamedNodes } from './nodes.ts';
import { nodePrograms } from './programs.ts';
import { fillInVariables } from './variables.ts';
import { wireNodes } from './wiring.ts';

const KNOWN = ['kind', 'exec', 'ports', 'mgmt-ipv4', 'mgmt-ipv6', 'sysctls', 'dns', 'group', 'labels'].concat(
  'network-mode',
);
const PLAIN = ['linux', EXTERNAL];

const RUN_REMEDY = [
  'A command below that ends at once can be given after apply: netform exec NODE -- COMMAND.',
  'A program that stays in the foreground goes under run of its node, and what it reads under files.',
];

/** containerlab: nodes become namespaces, links become cables. */
export const containerlabImporter: FileImporter = {
  name: 'containerlab',
  title: 'containerlab',
  section: 'topology',
  summary: 'Convert a containerlab file into a topology.',
  description:
    'Nodes become namespaces, those of kind ext-container stand for containers that run, links become cables, bridges become bridges; ip, sysctl, ifconfig, brctl and iptables commands in exec become addresses, routes, settings and NAT, programs that certainly go on running become run, and files that are bound into nodes become files. Variables come from the environment, and from the .env file beside it or the files of --env-file. Reads these files only. What a topology cannot express, such as the images of the nodes, is listed in a comment and on standard error.',
  example: { file: 'lab.clab.yml', out: 'containerlab.yaml' },
  hasVariables: true,
  convert: importContainerlab,
};

function importContainerlab(written: Json, { lab: name, lookup, fileAt }: FileImportContext): ImportResult {
  const file = mapValue(fillInVariables(written, lookup));
  const topology = mapValue(file['topology']);
  const leftOut: string[] = [];
  const groups = containerlabNodes(topology);
  const links = listValue(topology['links']).flatMap((link, i) =>
    containerlabLink(mapValue(link), `link ${i + 1}`, leftOut),
  );
  const names = interfaceNames();
  const management = managementNetwork(
    file,
    groups.namespaces,
    links.some(({ type }) => type === 'mgmt-net'),
  );
  const wiring = wireNodes(links, { groups, names, management, leftOut });
  const namespaces = groups.namespaces.map((node) => {
    const sharers = groups.all.filter((one) => groups.owners.get(one) === node);
    const nameOf = (link: string): string => names.nameOf(node.name, link);
    const running = [node, ...sharers].map((one) => nodePrograms(one, fileAt));
    const isPlain = [node, ...sharers].every(({ kind }) => kind === 'linux');
    const commands = readCommands(
      [node, ...sharers].flatMap(({ exec }) => exec),
      { nameOf, files: isPlain ? running.flatMap(({ files }) => Object.keys(files)) : null },
    );
    const innerBridges = groups.innerBridges.filter(({ owner }) => owner === node).map((one) => one.name);
    const wired = wiring.interfaces.get(node.name) ?? [];
    const context = { management, commands, innerBridges, running, leftOut, wired };
    for (const [i, one] of [node, ...sharers].entries())
      leftOut.push(...leftOutOf(one, groups, running[i] ?? NO_PROGRAMS));
    const value = namespaceOf(node, context);
    leftOut.push(...commands.unknown.map((line) => `node ${node.label} runs: ${line}`));
    return [node.name, value] as const;
  });
  for (const node of groups.hosts) leftOut.push(...node.exec.map((line) => `node ${node.label} runs: ${line}`));
  leftOut.push(...unsupportedKeys('the management network', mapValue(file['mgmt']), MANAGEMENT_KEYS));
  leftOut.push(...unsupportedKeys('the topology', topology, ['defaults', 'kinds', 'groups', 'nodes', 'links']));
  leftOut.push(...unsupportedKeys('the file', file, ['name', 'topology', 'mgmt', 'prefix']));
  if (management === null) leftOut.push('the management network, which no node says anything about');
  leftOut.push(...renamedNodes(groups), ...names.renamed());
  const document = {
    version: 1,
    name,
    ...omitEmpty({
      bridges: Object.fromEntries([
        ...groups.bridges.map((one) => [one.name, one.kind === 'ovs-bridge' ? { kind: 'ovs' } : {}] as const),
        ...wiring.bridges.map((bridge) => [bridge, {}] as const),
        ...(management ? [[management.bridge, management.value] as const] : []),
      ]),
      namespaces: Object.fromEntries(namespaces),
      links: wiring.cables,
      host: omitEmpty({ interfaces: wiring.hostInterfaces }),
      nat: management ? [{ masquerade: management.bridge }] : [],
    }),
  };
  const isListed = leftOut.some((line) => /^node \S+ runs: /.test(line));
  const head = [...runNote(namespaces.map(([, value]) => value)), ...(isListed ? RUN_REMEDY : [])];
  return { document, head, comments: sharedComments(groups), unknown: [], leftOut };
}

/** What of a node is left out besides its commands. */
function leftOutOf(
  { label, kind, value, ...node }: ContainerlabNode,
  { owners }: NodeGroups,
  { known, leftOut }: ContainerPrograms,
): readonly string[] {
  const mode = textValue(value['network-mode']);
  const isShared = [...owners.keys()].some((one) => one.label === label);
  const isKnownMode = mode === null || mode === 'none' || mode === 'bridge' || isShared;
  return [
    ...(PLAIN.includes(kind) ? [] : [`node ${label}: what a ${kind} does`]),
    ...unsupportedKeys(`node ${label}`, value, [...KNOWN, ...known, ...(kind === EXTERNAL ? ['runtime'] : [])]),
    ...leftOut.map((line) => `node ${label}: ${line}`),
    ...(isKnownMode ? [] : [`node ${label}: network-mode ${mode}`]),
    ...(isShared && node.exec.length === 0 && 'ports' in value ? [`node ${label}: ports`] : []),
  ];
}

function sharedComments({ namespaces, all, owners }: NodeGroups): ImportResult['comments'] {
  return namespaces.flatMap((node) => {
    const sharers = all.filter((one) => owners.get(one) === node).map(({ label }) => label);
    const text = `Also the network namespace of ${sharers.join(', ')}.`;
    return sharers.length === 0 ? [] : [{ at: ['namespaces', node.name], text }];
  });
}
