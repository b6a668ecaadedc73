import { linkId } from '../../../model/ids.ts';
import type { LinkLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import { type Kind, type KindContext, markOf, type StateEntry } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { withoutPortDefaults } from '../../../net/bridge-port.ts';
import { defineKind } from '../../define-kind.ts';
import { disruptionOf } from '../../disruption.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  ownObservation,
  sharedObservation,
} from '../../observation.ts';
import { changesText, planLine, shownChanges } from '../../plan-line.ts';
import { hostLinkClaims } from '../host-link-claims.ts';
import {
  aliasInstruction,
  foreignLinkOwner,
  kernelMasters,
  linkDependencies,
  linkLabel,
  originalLinkMark,
} from '../link-attributes.ts';
import { linkEndDisruption } from '../link-disruption.ts';
import { LINK_MARK_FIELDS, portField } from '../link-spec.ts';
import { keptPortSettings, livePort, portSettingChanges, unspecifiedPortFields } from '../port-settings.ts';
import { moveInstructions } from './instructions.ts';
import type { NicSpec } from './spec.ts';

const definition: Kind<NicSpec> = {
  name: 'move',
  compile,
  query: ({ netns }) => [
    { need: 'namespace', netns },
    { need: 'namespace', netns: 'host' },
  ],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  exclusive: ({ nic }) => hostLinkClaims([`host/${nic}`]),
  keptSettings: ({ netns, spec, unspecified }) =>
    new Map([[`${netns}/${spec.name}`, keptPortSettings(spec, unspecified)]]),
  remark: (spec, context) => ({ set: [aliasInstruction(spec, context)] }),
  immutable: [],
  leavesFirst: (before, after) => before.netns !== after.netns && after.netns === 'host',
  markFields: LINK_MARK_FIELDS,
  instructions: moveInstructions,
  describe,
  disrupts: disruptionOf((before, after) =>
    before.netns === after.netns
      ? linkEndDisruption({ ...before, mac: '' }, { ...after, mac: '' })
      : 'connections-lost',
  ),
  restoreTo,
};

/** A NIC of the machine in a namespace of the lab. On the machine it has no owner, and is what it was before. */
export const movedNic = defineKind(definition);

/** It stands in no container: the kernel does not delete it with the namespace, and netform takes it out before. */
function compile(lab: Lab): readonly Resource<NicSpec>[] {
  const place = linkDependencies(lab);
  const masterInKernel = kernelMasters(lab);
  const masters = new Map([...lab.bridges, ...lab.links].map((link) => [`${link.netns}/${link.name}`, linkId(link)]));
  return lab.links
    .filter(({ kind }) => kind === definition.name)
    .map((link): Resource<NicSpec> => {
      const { netns, name, label, mtu, up, port, lower, at } = link;
      const master = masterInKernel(link);
      const { dependsOn } = place(netns, []);
      const above = master === null ? undefined : masters.get(`${netns}/${master}`);
      const ports = portField(withoutPortDefaults(port ?? {}));
      return {
        kind: definition.name,
        id: linkId(link),
        netns,
        spec: { netns, name, label, nic: lower?.name ?? name, inside: name, mtu, up, master, ...ports },
        dependsOn: above === undefined ? dependsOn : [...dependsOn, above],
        within: [],
        remadeWith: dependsOn,
        ...(master === null ? {} : { unspecified: unspecifiedPortFields(['portSettings'], port) }),
        origin: at,
        note: null,
      };
    });
}

type NicContext = { readonly resource: Resource<NicSpec>; readonly context: KindContext<NicSpec> };

/** In the namespace; else on the machine, under its name there or, with our mark, under any. */
function observe(live: LiveState, resource: Resource<NicSpec>, context: KindContext<NicSpec>): Observation<NicSpec> {
  const { inside: name, nic } = resource.spec;
  const about = { resource, context };
  const inside = live.get({ need: 'namespace', netns: resource.netns })?.links.get(name);
  if (inside && inside.kind !== null)
    return blockingObservation(
      { ...resource.spec, netns: resource.netns, name, label: '' },
      `${inside.kind}, not a NIC of the machine`,
      'remove or rename one of the two',
    );
  if (inside) return observeInside(inside, about);
  const there = live.get({ need: 'namespace', netns: 'host' })?.links ?? new Map<string, LinkLive>();
  const marked = [...there.values()].filter(({ kind, alias }) => kind === null && alias?.startsWith(markOf(context)));
  const found = marked.find((link) => link.name === name || linkLabel(context, link) === name) ?? there.get(nic);
  return found && found.kind === null ? sharedObservation(specOf(found, 'host', about)) : absentObservation;
}

function observeInside(link: LinkLive, about: NicContext): Observation<NicSpec> {
  const spec = specOf(link, about.resource.netns, about);
  const whose = foreignLinkOwner(about.context, link, link.mac);
  return whose === null ? ownObservation(spec) : foreignObservation(spec, whose);
}

/** An MTU that the file does not write is not compared. */
function specOf(link: LinkLive, netns: string, { resource: { spec }, context }: NicContext): NicSpec {
  const { name, mtu, up, master } = link;
  const isOurs = foreignLinkOwner(context, link, link.mac) === null;
  return {
    ...{ netns, name, label: isOurs ? linkLabel(context, link) : '', nic: spec.nic, inside: spec.inside },
    ...{ mtu: spec.mtu === null ? null : mtu, up, master },
    ...livePort(link, spec.portSettings),
    ...originalLinkMark(link, isOurs),
  };
}

/** As it was on the machine. Its former master may be gone. */
function restoreTo(recorded: StateEntry<NicSpec>, live: NicSpec | null, machine: LiveState): NicSpec | null {
  const { before } = recorded;
  if (live === null || before === null) return null;
  const isThere =
    before.master !== null && machine.get({ need: 'namespace', netns: before.netns })?.links.has(before.master);
  const { portSettings, ...free } = before;
  return isThere ? before : { ...free, master: null };
}

function describe(operation: Operation<NicSpec>): readonly PlanLine[] {
  const { before, after, changes } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const isMove = operation.action !== 'update' || before?.netns !== after?.netns;
  const isBack = after === null || after.netns === 'host';
  const name = isBack ? (before?.name ?? spec.name) : spec.name;
  const port = spec.master === null ? '' : `, port of ${spec.master}`;
  const shown = portSettingChanges(shownChanges(changes, LINK_MARK_FIELDS));
  const text = isMove
    ? isBack
      ? `back to the machine, as ${spec.nic}`
      : `${spec.nic} of the machine${port}`
    : changesText(shown);
  return [planLine(operation, { noun: 'nic', name, text })];
}
