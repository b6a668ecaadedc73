import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Lab, LabCable, LabLink } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';
import { netnsPhrase } from '../phrases.ts';

/** A link kind or a rule that this kernel, or its nftables, rejects. */
export const unsupportedByKernel: MachineCheck = {
  name: 'unsupported-by-kernel',
  code: 'NF3005',
  rank: 20,
  title: 'Not supported by this kernel',
  explain:
    'netform tries the link kinds and the nftables rules of the lab in a scratch namespace before it changes anything. This kernel rejected one.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
`,
  good: null,
  query: (lab) => [
    { need: 'machine' },
    ...linkKindsOf(lab).map((key) => ({ need: 'link-kind', key }) as const),
    ...vlanKindsOf(lab).map((key) => ({ need: 'vlan-filtering', key }) as const),
  ],
  find: (lab, live) => [
    ...withoutIpv6(lab, live),
    ...linkKindsOf(lab).flatMap((kind) => missingKind(lab, kind, live.get({ need: 'link-kind', key: kind }) ?? true)),
    ...withoutVlans(lab, live),
    ...refusals(live).map(({ netns, isOfPorts, sentence }) =>
      makeDiagnostic(
        'unsupported-by-kernel',
        firstRule(lab, netns),
        `nftables rejects the rules ${isOfPorts ? 'for ports of bridges ' : ''}of ${netnsPhrase(netns)}: ${sentence}`,
        {
          hint: isOfPorts
            ? 'antiSpoofing needs a kernel with CONFIG_NF_TABLES_BRIDGE, and nftables 1.0 or newer; leave it out otherwise'
            : 'check that the kernel has nf_tables and nft_nat, and that nftables is 1.0 or newer',
        },
      ),
    ),
  ],
};

/** `answer`: what came of trying to make one. */
function missingKind(lab: Lab, kind: string, answer: boolean | string): readonly Diagnostic[] {
  if (answer === true) return [];
  const at = firstOfKind(lab, kind);
  if (typeof answer === 'string') {
    const hint = 'load its module with modprobe(8); a container needs the device, too';
    return [makeDiagnostic('unsupported-by-kernel', at, `${answer}: no ${kind} can be made`, { hint })];
  }
  const hint = `load the module with "modprobe rtnl-link-${kind}", or use a kernel that has it`;
  return [makeDiagnostic('unsupported-by-kernel', at, `this kernel cannot make links of kind ${kind}`, { hint })];
}

/** A kernel without IPv6 cannot create the IPv6 addresses and routes of a lab; netform's own IPv6 settings are left out. */
function withoutIpv6(lab: Lab, live: LiveState): readonly Diagnostic[] {
  const addressed = lab.addresses.find(({ prefixes }) => prefixes.some((prefix) => prefix.includes(':')));
  const routed = lab.routes.find(({ to }) => to.includes(':'));
  const at = addressed?.at ?? routed?.at;
  if (at === undefined || live.get({ need: 'machine' })?.ipv6 !== false) return [];
  const hint = 'start the kernel without ipv6.disable=1, or leave IPv6 out of the lab';
  return [makeDiagnostic('unsupported-by-kernel', atValue(at), 'this kernel has no IPv6', { hint })];
}

const vlanKindsOf = ({ bridges }: Lab): readonly string[] => [
  ...new Set(bridges.flatMap(({ kind, options }) => (options['vlanFiltering'] === true ? [kind] : []))),
];

/** A kernel without CONFIG_BRIDGE_VLAN_FILTERING takes the other words of VLANs without effect, so all of them are refused. */
function withoutVlans(lab: Lab, live: LiveState): readonly Diagnostic[] {
  const refused = new Set(vlanKindsOf(lab).filter((key) => live.get({ need: 'vlan-filtering', key }) === false));
  const first = lab.bridges.find(({ kind, options }) => refused.has(kind) && options['vlanFiltering'] === true);
  if (!first) return [];
  const hint =
    'write kind: ovs at the bridge, which keeps VLANs apart on this machine too, or use a kernel with CONFIG_BRIDGE_VLAN_FILTERING';
  const message = `bridges of this kernel cannot keep VLANs apart, so ${first.label} can have neither VLANs nor access and trunk ports`;
  return [makeDiagnostic('unsupported-by-kernel', atKey(first.at), message, { hint })];
}

const madeLinks = ({ bridges, cables, links }: Lab): readonly (LabLink | LabCable)[] => [
  ...[...bridges, ...links].filter(({ madeByProgram, isFound }) => !madeByProgram && !isFound),
  ...cables,
];

const linkKindsOf = (lab: Lab): readonly string[] => [...new Set(madeLinks(lab).map(({ kind }) => kind))];

function firstOfKind(lab: Lab, kind: string): SourceLocation | null {
  const first = madeLinks(lab).find((link) => link.kind === kind);
  return first ? atKey(first.at) : null;
}

function refusals(live: LiveState): readonly {
  readonly netns: string;
  readonly isOfPorts: boolean;
  readonly sentence: string;
}[] {
  return live.all('table').flatMap(({ need: { netns, key }, answer: { refused } }) => {
    const [sentence] = refused.values();
    return sentence === undefined ? [] : [{ netns, isOfPorts: key.startsWith('bridge '), sentence }];
  });
}

function firstRule(lab: Lab, netns: string): SourceLocation | null {
  const first = lab.nft.find((rule) => rule.netns === netns);
  return first ? atValue(first.at) : null;
}
