import { cableId, linkIdsOf, netnsId, netnsIds, nftId } from '../../../model/ids.ts';
import type { Lab, LabEnd } from '../../../model/lab.ts';
import type { FieldPath } from '../../../model/operation.ts';
import type { Resource } from '../../../model/resource.ts';
import { withoutPortDefaults } from '../../../net/bridge-port.ts';
import { DEFAULT_LINK_MTU, kernelMasters } from '../link-attributes.ts';
import { portField } from '../link-spec.ts';
import { unspecifiedPortFields } from '../port-settings.ts';
import type { VethEnd, VethEndSettings, VethSpec } from './spec.ts';

/** One resource for each cable, shown in the namespace of its first end. */
export function compileVeths(lab: Lab): readonly Resource<VethSpec>[] {
  const links = linkIdsOf(lab);
  const masterInKernel = kernelMasters(lab);
  const inKernel = (end: LabEnd): LabEnd => {
    const { port: _port, ...rest } = end;
    const master = masterInKernel(end);
    return master === end.master ? end : { ...rest, master, hairpin: false };
  };
  return lab.cables
    .map((cable) => ({ ...cable, ends: [inKernel(cable.ends[0]), inKernel(cable.ends[1])] as const }))
    .map(
      ({ kind, ends: [near, far], at }): Resource<VethSpec> => ({
        kind,
        id: cableId({ kind, ends: [near, far] }),
        netns: near.netns,
        spec: { ends: [endOf(near), endOf(far)], near: settingsOf(near), far: settingsOf(far) },
        dependsOn: [...new Set([near, far].flatMap((end) => needsOf(end, links)))],
        // An end in the host is freed late by the kernel when the other end's namespace goes: it is deleted before that.
        within: near.netns === 'host' || far.netns === 'host' ? [] : [...new Set([near.netns, far.netns])].map(netnsId),
        unspecified: [...unspecifiedOf('near', near), ...unspecifiedOf('far', far)],
        unspecifiedUnless: { ...forForwards(lab, 'near', near), ...forForwards(lab, 'far', far) },
        origin: at,
        note: null,
      }),
    );
}

/** The fields of an end that the topology does not specify; hairpin of a port is specified only where a forward needs it. */
const unspecifiedOf = (side: string, end: LabEnd): readonly FieldPath[] => [
  ...(end.isMacUnspecified ? [[side, 'mac']] : []),
  ...(end.master === null || end.hairpin || end.isHairpinWritten ? [] : [[side, 'hairpin']]),
  ...(end.master === null ? [] : unspecifiedPortFields([side, 'portSettings'], end.port)),
];

const forForwards = (
  lab: Lab,
  side: string,
  { netns, hairpin, isHairpinWritten }: LabEnd,
): NonNullable<Resource['unspecifiedUnless']> =>
  hairpin && !isHairpinWritten ? { [nftId(netns, lab.name)]: [[side, 'hairpin']] } : {};

const endOf = ({ netns, name }: LabEnd): VethEnd => ({ netns, name });

const settingsOf = ({ label, mac, mtu, up, master, hairpin, port = {} }: LabEnd): VethEndSettings => ({
  label,
  mac,
  mtu: mtu ?? DEFAULT_LINK_MTU,
  up,
  master,
  hairpin,
  ...portField(withoutPortDefaults(port)),
});

const needsOf = ({ netns, master }: LabEnd, links: ReadonlyMap<string, string>): readonly string[] => [
  ...netnsIds(netns),
  ...[links.get(`${netns}/${master}`)].filter((id) => id !== undefined),
];
