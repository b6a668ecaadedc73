import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../../../model/diagnostics/source-location.ts';
import type { Lab, LabFile } from '../../../../model/lab.ts';
import {
  firstAddress,
  formatPrefix,
  lastAddress,
  networkPrefix,
  type Prefix,
  prefixesOverlap,
  requirePrefix,
} from '../../../../net/prefix.ts';
import { conflistsOf } from '../entries.ts';
import { type HostLocalRange, hostLocalRangeBounds, hostLocalRangeSets } from '../plugins/host-local-ranges.ts';

type RangeWithSubnet = HostLocalRange & { readonly subnet: Prefix };

/** Two conflists, or a conflist and the lab, that take the same file, bridge or subnet. */
export const cniDuplicate: LabCheck = {
  name: 'cni-duplicate',
  code: 'NF2607',
  title: 'Conflists that conflict',
  explain:
    'Two conflists are written to one file, give one bridge two gateways, or hand out the same addresses: each counts its own and is not aware of the other. A conflist may use a bridge of the lab and its subnet, but not its subnet on another bridge.',
  bad: `
cni:
  front:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, bridge: cni0, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
  back:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, bridge: cni1, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
`,
  good: `
cni:
  front:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, bridge: cni0, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
  back:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, bridge: cni1, ipam: { type: host-local, subnet: 10.23.0.0/16 } }]
`,
  find: (topology, lab) => {
    const ranges = conflistsOf(topology)
      .flatMap((conflist) => hostLocalRangeSets(conflist).flat())
      .filter((range): range is RangeWithSubnet => range.subnet !== null);
    const reported = new Set<string>();
    const once = ({ conflist }: HostLocalRange, diagnostic: Diagnostic): readonly Diagnostic[] => {
      if (reported.has(conflist)) return [];
      reported.add(conflist);
      return [diagnostic];
    };
    return [
      ...sameFile(lab),
      ...meetingPairs(ranges).flatMap(([first, range]) => once(range, betweenConflists(first, range))),
      ...twoGateways(ranges).flatMap(([first, range]) => once(range, onOneBridge(first, range))),
      ...ranges.flatMap((range) => withLab(range, lab).flatMap((diagnostic) => once(range, diagnostic))),
    ];
  },
};

function sameFile(lab: Lab): readonly Diagnostic[] {
  const seen = new Map<string, LabFile>();
  return conflistsOf(lab).flatMap((conflist) => {
    const { path } = conflist;
    if (path === null) return [];
    const first = seen.get(path);
    if (!first) {
      seen.set(path, conflist);
      return [];
    }
    return [
      makeDiagnostic(
        'cni-duplicate',
        atKey(conflist.at),
        `${path} would be written by conflists ${first.name} and ${conflist.name}`,
        {
          related: [{ at: atKey(first.at), message: 'first written here' }],
          hint: 'give one of them another file',
        },
      ),
    ];
  });
}

/** Pairs of different conflists that would hand out the same addresses, the earlier one first. */
function meetingPairs(ranges: readonly RangeWithSubnet[]): readonly (readonly [RangeWithSubnet, RangeWithSubnet])[] {
  const sorted = ranges
    .map((range, order) => ({ range, order, first: firstAddress(range.subnet), last: lastAddress(range.subnet) }))
    .sort(
      (a, b) => a.range.subnet.family - b.range.subnet.family || Number(a.first > b.first) - Number(a.first < b.first),
    );
  let open: typeof sorted = [];
  return sorted.flatMap((entry) => {
    open = open.filter((other) => other.range.subnet.family === entry.range.subnet.family && other.last >= entry.first);
    const met = open.find((other) => clash(other.range, entry.range));
    open.push(entry);
    if (!met) return [];
    return [met.order < entry.order ? ([met.range, entry.range] as const) : ([entry.range, met.range] as const)];
  });
}

function clash(a: RangeWithSubnet, b: RangeWithSubnet): boolean {
  if (a.conflist === b.conflist) return false;
  const routed = (range: HostLocalRange) => range.type === 'bridge' || range.type === 'ptp';
  if (routed(a) && routed(b) && (a.bridge !== b.bridge || a.bridge === null)) return true;
  const [left, right] = [hostLocalRangeBounds(a, a.subnet), hostLocalRangeBounds(b, b.subnet)];
  return left.first <= right.last && right.first <= left.last;
}

function betweenConflists(first: RangeWithSubnet, range: RangeWithSubnet): Diagnostic {
  return makeDiagnostic(
    'cni-duplicate',
    atValue([...range.at, 'subnet']),
    `subnet ${formatPrefix(range.subnet)} of conflist ${range.conflist} overlaps ${formatPrefix(first.subnet)} of conflist ${first.conflist}`,
    {
      related: [{ at: atValue([...first.at, 'subnet']), message: 'first used here' }],
      hint: 'give each conflist its own subnet',
    },
  );
}

function twoGateways(ranges: readonly RangeWithSubnet[]): readonly (readonly [RangeWithSubnet, RangeWithSubnet])[] {
  const seen = new Map<string, RangeWithSubnet>();
  return ranges.flatMap((range) => {
    if (range.bridge === null || !range.isGateway) return [];
    const key = `${range.bridge} ${range.subnet.family}`;
    const first = seen.get(key);
    if (!first) seen.set(key, range);
    if (!first || first.conflist === range.conflist || prefixesOverlap(first.subnet, range.subnet)) return [];
    return [[first, range] as const];
  });
}

function onOneBridge(first: RangeWithSubnet, range: RangeWithSubnet): Diagnostic {
  return makeDiagnostic(
    'cni-duplicate',
    atValue([...range.at, 'subnet']),
    `bridge ${range.bridge} of conflist ${range.conflist} already has its gateway in ${formatPrefix(first.subnet)}, from conflist ${first.conflist}`,
    {
      related: [{ at: atValue([...first.at, 'subnet']), message: 'first used here' }],
      hint: 'give each conflist its own bridge',
    },
  );
}

function withLab(range: RangeWithSubnet, lab: Lab): readonly Diagnostic[] {
  const lan = lab.lans.find(
    ({ bridge, subnets }) =>
      bridge?.netns === 'host' &&
      bridge.name !== range.bridge &&
      subnets.some((subnet) => prefixesOverlap(requirePrefix(subnet), networkPrefix(range.subnet))),
  );
  if (!lan) return [];
  return [
    makeDiagnostic(
      'cni-duplicate',
      atValue([...range.at, 'subnet']),
      `subnet ${formatPrefix(range.subnet)} of conflist ${range.conflist} overlaps ${lan.subnets.join(' and ')} of bridge ${lan.label}`,
      {
        related: [{ at: atKey(lan.at), message: `bridge ${lan.label} is here` }],
        hint: `use another subnet, or bridge: ${lan.label} in the conflist`,
      },
    ),
  ];
}
