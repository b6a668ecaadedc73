import { attachmentId, linkIdsOf, netnsIds } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import { ATTACHED, type AttachmentDescription } from '../../model/lab-parts/attachment.ts';
import type { LabAttachment, LabPublication } from '../../model/lab-parts/lab-attachment.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { defineKind } from '../define-kind.ts';
import { absentObservation, blockingObservation, ownObservation } from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { formatResult } from './format-result.ts';

/** An interface of a namespace that the plugins of a CNI network make: ADD, CHECK, DEL. */
export const attachment = defineKind<AttachmentSpec>({
  name: 'attachment',
  compile,
  query: ({ netns, spec }, { uid }) => [
    { need: 'attachment', netns, key: `${uid}/${spec.dev}` },
    { need: 'namespace', netns },
  ],
  observe,
  // A plugin changes nothing: it deletes, and adds again.
  immutable: ['netns', 'dev', 'network', 'config', 'capabilities', 'args', 'prefixes', 'defaults', 'place'],
  instructions,
  describe,
  status: (live, { netns, spec }, { uid }) => {
    const found = live.get({ need: 'attachment', netns, key: `${uid}/${spec.dev}` });
    return found?.result ? formatResult(spec.network, found.result) : null;
  },
  disrupts: ({ action }) => (action === 'create' ? 'none' : 'connections-lost'),
  // It can be made as it was described, not made to be broken.
  isCreatable: ({ place }) => place === ATTACHED,
  restoreTo: () => null,
  claims: ({ netns, dev }) => [`${netns}/${dev}`],
  isSetUpByOthers: () => true,
});

type AttachmentSpec = AttachmentDescription & Spec;

/** After the links of the host that its plugins use, and before what needs it; it goes before its namespace does. */
function compile(lab: Lab): readonly Resource<AttachmentSpec>[] {
  const ids = linkIdsOf(lab);
  const published = groupBy(lab.publications, ({ netns, dev }) => `${netns}/${dev}`);
  return lab.attachments.map((one) => {
    const { netns, dev, network, config, args, prefixes, defaults, at } = one;
    const ports = published.get(`${netns}/${dev}`) ?? [];
    const mappings = ports.length === 0 ? {} : { portMappings: ports.flatMap(toPortMappings) };
    const capabilities = { ...one.capabilities, ...mappings };
    const described = { netns, dev, network, config, capabilities, args, prefixes, defaults, place: ATTACHED };
    return {
      kind: 'attachment',
      id: attachmentId(netns, dev),
      netns,
      spec: described as unknown as AttachmentSpec,
      dependsOn: [...netnsIds(netns), ...usedLinks(one, ids), ...earlier(lab.attachments, one)],
      within: [],
      remadeWith: netnsIds(netns),
      origin: at,
      note: null,
    };
  });
}

const usedLinks = ({ uses }: LabAttachment, ids: ReadonlyMap<string, string>): readonly string[] =>
  uses.flatMap((name) => ids.get(`host/${name}`) ?? []);

/** The attachments of one namespace are made one after the other, in the order of the file. */
function earlier(all: readonly LabAttachment[], { netns, dev }: LabAttachment): readonly string[] {
  const here = all.filter((one) => one.netns === netns).map((one) => one.dev);
  const before = here[here.indexOf(dev) - 1];
  return before === undefined ? [] : [attachmentId(netns, before)];
}

/** One for each port and protocol, as the capability has it. */
function toPortMappings({ address, hostPorts, ports, protocols }: LabPublication): readonly Json[] {
  const count = hostPorts.last - hostPorts.first + 1;
  return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    protocols.map((protocol) => ({
      hostPort: hostPorts.first + i,
      containerPort: ports.first + i,
      protocol,
      ...(address === null ? {} : { hostIP: address }),
    })),
  );
}

/** It is what we wrote down of it; a link of that name that no plugin of ours made is in the way. */
function observe(
  live: LiveState,
  { netns, spec }: Resource<AttachmentSpec>,
  { uid }: KindContext<AttachmentSpec>,
): Observation<AttachmentSpec> {
  const found = live.get({ need: 'attachment', netns, key: `${uid}/${spec.dev}` });
  if (found !== null) return ownObservation({ ...(found.spec as AttachmentSpec), place: found.place });
  if (!live.get({ need: 'namespace', netns })?.links.has(spec.dev)) return absentObservation;
  const whose = `${netns} has a link ${spec.dev} that no plugin made for this lab`;
  return blockingObservation({ ...spec, place: 'by others' }, whose, 'remove it: plugins make a link of their own');
}

function instructions(
  { netns, before, after }: Operation<AttachmentSpec>,
  phase: 'delete' | 'make',
  { uid }: KindContext<AttachmentSpec>,
): readonly (readonly Instruction[])[] {
  if (phase === 'delete') return before ? [[{ do: 'attachment.delete', netns, uid, attachment: before }]] : [];
  return after ? [[{ do: 'attachment.add', netns, uid, attachment: after }]] : [];
}

/** `eth0 on mynet by bridge, portmap: 10.22.0.2/16`; why it is made again. */
function describe(operation: Operation<AttachmentSpec>): readonly PlanLine[] {
  const { action, before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const reason = before !== null && before.place !== ATTACHED ? before.place : changedText(operation.changes);
  const text = {
    create: madeText(spec),
    delete: `DEL by ${pluginNames(spec)}`,
    replace: `${[reason, 'made again, connections lost'].filter(Boolean).join(': ')}`,
    update: reason,
  }[action];
  return [planLine(operation, { noun: 'cni', name: spec.dev, text })];
}

const madeText = (spec: AttachmentSpec): string =>
  `on ${spec.network} by ${pluginNames(spec)}, ${spec.prefixes.length > 0 ? spec.prefixes.join(', ') : 'address later'}`;

const pluginNames = ({ config }: AttachmentSpec): string => config.plugins.map(({ type }) => type).join(', ');

const changedText = (changes: Operation['changes']): string => {
  const fields = [...new Set(changes.map(({ path }) => path[0] ?? ''))].filter((field) => field !== 'place');
  return fields.length === 0 ? '' : `another ${fields.join(', ')}`;
};
