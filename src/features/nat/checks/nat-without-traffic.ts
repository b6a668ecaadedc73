import { gatewayRemedy, viaWord } from '../../../checks/traffic/neighbour-words.ts';
import { type Network, type NetworkAddress, type NetworkLan, networkOf } from '../../../checks/traffic/network.ts';
import { refusedGateways } from '../../../checks/traffic/refused-gateway.ts';
import { createSenderLookup } from '../../../checks/traffic/senders.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LabNat } from '../../../model/lab.ts';
import { appendTo } from '../../../model/values/group-by.ts';
import { familyOf } from '../../../net/address.ts';
import { prefixContainsText } from '../../../net/prefix.ts';

/** Source NAT for a LAN from which no packet gets to where it would be translated. */
export const natWithoutTraffic: LabCheck = {
  name: 'nat-without-traffic',
  code: 'NF2405',
  ofTraffic: true,
  title: 'NAT without traffic',
  explain:
    'A warning: the packets of a LAN are to be masqueraded, and none of them gets to where that is done: its members have no route that leads there. A bridge with an address is the gateway of its LAN, and its members get a default route.',
  bad: `
bridges: { back: 10.0.3.0/24 }
namespaces: { a: { interfaces: { eth0: { bridge: back } } } }
nat: [{ masquerade: back }]
`,
  good: `
bridges: { back: { subnet: 10.0.3.0/24, address: 10.0.3.1 } }
namespaces: { a: { interfaces: { eth0: { bridge: back } } } }
nat: [{ masquerade: back }]
`,
  find: (topology, lab) => {
    const wanted = lab.nat.filter(({ from }) => from !== null);
    if (wanted.length === 0) return [];
    const network = networkOf(topology, lab);
    const lansBySubnet = new Map<string, NetworkLan[]>();
    for (const lan of network.lans) for (const subnet of lan.lan.subnets) appendTo(lansBySubnet, subnet, lan);
    const isReached = createSenderLookup(lab, network);
    const isRefused = refusedGateways(topology, lab);
    return wanted.flatMap((nat) => {
      const unused = (nat.from ?? []).flatMap((subnet): readonly Diagnostic[] => {
        const lans = lansBySubnet.get(subnet) ?? [];
        const members = lans.flatMap((lan) => membersIn(lan, subnet, nat.netns));
        const [lan] = lans;
        const [member] = members;
        if (!lan || !member || members.some(isRefused) || lans.some(({ isOpen }) => isOpen)) return [];
        if (isReached(new Set(members.map(({ netns }) => netns)), nat.netns)) return [];
        return [warning({ nat, network, subnet, lan, member })];
      });
      return unused.slice(0, 1);
    });
  },
};

const membersIn = ({ members }: NetworkLan, subnet: string, except: string): readonly NetworkAddress[] =>
  [...members].flatMap(([netns, all]) =>
    netns === except ? [] : all.filter(({ address }) => prefixContainsText(subnet, address)),
  );

type UnusedNat = {
  readonly nat: LabNat;
  readonly network: Network;
  readonly subnet: string;
  readonly lan: NetworkLan;
  readonly member: NetworkAddress;
};

function warning({ nat: { netns, kind, at }, network, subnet, lan, member }: UnusedNat): Diagnostic {
  const { label } = lan.lan;
  const where = netns === 'host' ? 'the host' : netns;
  const deed = kind === 'masquerade' ? 'masqueraded' : 'translated';
  const via = viaWord(network, { netns: member.netns, neighbour: netns, lan, family: familyOf(subnet) });
  const hint =
    via === null
      ? gatewayRemedy(network, lan, netns)
      : `add to ${member.netns}: routes: [{ to: default, via: ${via} }]`;
  return makeDiagnostic(
    'nat-without-traffic',
    atValue(at),
    `nothing of ${label} (${subnet}) gets to ${where} to be ${deed}${via === null ? `: ${where} has no address there` : ''}`,
    { severity: 'warning', hint },
  );
}
