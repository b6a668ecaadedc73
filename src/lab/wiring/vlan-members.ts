import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { LabPortVlans } from '../../model/lab-parts/lab-port.ts';
import type { VlanRange } from '../../model/lab-parts/vlan-range.ts';
import type { TopologyBridge, TopologyPort, TopologyValue, TopologyVlanRef } from '../../model/topology.ts';
import { DEFAULT_VLAN, formatVlanRange, hasVlan, mergeVlans } from '../../net/vlan.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabDiagnosticReporter, ModelLink } from '../model.ts';

/** Whether a bridge keeps VLANs apart. */
export const isVlanAware = ({ bridge }: ModelLink): boolean =>
  bridge !== null && (bridge.vlans.filtering?.value === true || bridge.vlans.vlans.length > 0);

/** A port that says nothing, or something wrong. */
const DEFAULT_MEMBERSHIP: LabPortVlans = { untagged: DEFAULT_VLAN, tagged: [] };

/** The VLANs of a port of a bridge that keeps them apart; what is wrong is reported. */
export function portMembership(
  bridge: ModelLink,
  port: TopologyPort | null,
  report: LabDiagnosticReporter,
): LabPortVlans {
  if (!port) return DEFAULT_MEMBERSHIP;
  const { access, trunk, native } = port;
  const say = (at: Path, message: string, hint: string): LabPortVlans => {
    report(makeDiagnostic('port-vlans', atKey(at), message, { hint }));
    return DEFAULT_MEMBERSHIP;
  };
  const conflicting = [access, native].find((other) => other && (other === native ? !trunk : trunk));
  if (access && trunk)
    return say(
      [...port.at, 'trunk'],
      'a port is access or trunk, not both',
      'leave out one of them; `native` is the VLAN of a trunk whose frames have no tag',
    );
  if (conflicting)
    return say(
      conflicting.at,
      'native is of a trunk, and there is none',
      'write `access` for the one VLAN of a port, or `trunk`',
    );
  const resolve = (ref: TopologyValue<TopologyVlanRef>): VlanRange | null => resolveVlanRef(bridge, ref, report);
  if (access) {
    const vlan = resolve(access);
    return vlan ? { untagged: vlan[0], tagged: [] } : DEFAULT_MEMBERSHIP;
  }
  if (!trunk) return DEFAULT_MEMBERSHIP;
  const untagged = native ? (resolve(native)?.[0] ?? null) : null;
  const tagged: VlanRange[] = [];
  for (const ref of trunk) {
    const vlan = resolve(ref);
    if (!vlan) continue;
    reportRepeated(ref, vlan, { tagged, untagged, report });
    tagged.push(vlan);
  }
  return { untagged, tagged: mergeVlans(tagged) };
}

function reportRepeated(
  { at }: TopologyValue<TopologyVlanRef>,
  [first, last]: VlanRange,
  { tagged, untagged, report }: LabPortVlans & { readonly report: LabDiagnosticReporter },
): void {
  const say = (message: string, hint: string): void =>
    report(makeDiagnostic('port-vlans', atValue(at), message, { hint }));
  const before = tagged.find(([low, high]) => low <= last && high >= first);
  if (before)
    say(
      `the trunk has VLAN ${formatVlanRange([Math.max(first, before[0]), Math.min(last, before[1])])} twice`,
      'leave it out once',
    );
  if (untagged !== null && hasVlan([[first, last]], untagged))
    say(
      `VLAN ${untagged} is native and in the trunk: its frames have a tag or not`,
      'leave it out of `trunk`, or leave out `native`',
    );
}

/** The numbers that a VLAN of a bridge stands for; null, reported: the bridge has none of that name. */
export function resolveVlanRef(
  { label, bridge }: ModelLink,
  { value, at }: TopologyValue<TopologyVlanRef>,
  report: LabDiagnosticReporter,
): VlanRange | null {
  if ('first' in value) return [value.first, value.last];
  const vlans = bridge?.vlans.vlans ?? [];
  const found = vlans.find(({ name }) => name === value.name);
  if (found) return found.id && [found.id.value, found.id.value];
  const hint = didYouMeanHint(
    value.name,
    vlans.map(({ name }) => name),
    `VLANs of ${label}`,
  );
  report(makeDiagnostic('unknown-vlan', atValue(at), `${label} has no VLAN ${value.name}`, { hint }));
  return null;
}

/** Reports VLANs of a bridge with one number, and `vlanFiltering: false` beside VLANs. */
export function reportBridgeVlans(
  { name, vlans: { filtering, vlans } }: TopologyBridge,
  report: LabDiagnosticReporter,
): void {
  const byId = new Map<number, (typeof vlans)[number]>();
  for (const vlan of vlans) {
    if (!vlan.id) continue;
    const before = byId.get(vlan.id.value);
    if (before)
      report(
        makeDiagnostic(
          'port-vlans',
          atValue(vlan.id.at),
          `VLAN ${vlan.id.value} of ${name} is both ${before.name} and ${vlan.name}`,
          {
            related: [{ at: atKey(before.at), message: 'first used here' }],
            hint: 'give one of them another number',
          },
        ),
      );
    else byId.set(vlan.id.value, vlan);
  }
  if (filtering?.value === false && vlans.length > 0) {
    const hint = 'leave out `vlanFiltering`, or the VLANs';
    report(
      makeDiagnostic('port-vlans', atValue(filtering.at), `${name} has VLANs, which it would not keep apart`, { hint }),
    );
  }
}

/** Reports words of VLANs at a port of a bridge that does not keep them apart. */
export function reportUnawareBridge(bridge: ModelLink, port: TopologyPort | null, report: LabDiagnosticReporter): void {
  const word = port && (['access', 'trunk', 'native'] as const).find((one) => port[one] !== null);
  if (!word || !port) return;
  const message = `${bridge.label} does not keep VLANs apart, so a port of it has no ${word} VLAN`;
  const hint = `write \`vlans\` or \`vlanFiltering: true\` at ${bridge.label}`;
  report(makeDiagnostic('port-vlans', atKey([...port.at, word]), message, { hint }));
}

/** The entry of `unknown-vlan` in docs/checks.md. */
export const unknownVlanDoc: CheckDoc = {
  name: 'unknown-vlan',
  code: 'NF2015',
  title: 'Unknown VLAN',
  explain: 'A port, or an entry of a table of a bridge, names a VLAN that its bridge does not have under `vlans`.',
  bad: `
bridges: { lan: { vlans: { red: 10 } } }
namespaces: { a: { interfaces: { eth0: { bridge: lan, port: { access: rad } } } } }
`,
  good: `
bridges: { lan: { vlans: { red: 10 } } }
namespaces: { a: { interfaces: { eth0: { bridge: lan, port: { access: red } } } } }
`,
};

/** The entry of `port-vlans` in docs/checks.md. */
export const portVlansDoc: CheckDoc = {
  name: 'port-vlans',
  code: 'NF2016',
  title: 'Contradictory VLANs',
  explain:
    'A port is in one VLAN (`access`) or a trunk of several (`trunk`, with `native` for frames without a tag), each VLAN once, and its bridge keeps VLANs apart. The VLANs of a bridge have different numbers.',
  bad: `
bridges: { lan: { vlans: { red: 10, blue: 20 } } }
namespaces: { a: { interfaces: { eth0: { bridge: lan, port: { trunk: [red, blue], native: blue } } } } }
`,
  good: `
bridges: { lan: { vlans: { red: 10, blue: 20 } } }
namespaces: { a: { interfaces: { eth0: { bridge: lan, port: { trunk: [red], native: blue } } } } }
`,
};
