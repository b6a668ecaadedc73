import type { FirewallDrop } from '../../firewall/evaluate-chains.ts';
import { bridgeFilterNeeds, findLabTrafficDrops, formatFirewallChain } from '../../firewall/lab-drops.ts';
import { bridgedFlows, forwardedFlows } from '../../firewall/lab-traffic.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { MachineCheck } from '../check.ts';

/** Packets of the lab that a filter of this machine drops. */
export const forwardingDropped: MachineCheck = {
  name: 'forwarding-dropped',
  code: 'NF3011',
  title: 'Firewall of this machine drops lab traffic',
  explain:
    'Docker, ufw and others drop every forwarded packet that they do not know, and an accept elsewhere does not override a drop. With `bridge-nf-call-iptables` on, this applies to two members of one bridge too. The lab is still created; `netform doctor` names the rule and the command that lets the lab through.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
nat: [{ masquerade: lan }]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: false }
`,
  query: (lab) => {
    const inside = bridgedFlows(lab).length > 0;
    if (!inside && forwardedFlows(lab).length === 0) return [];
    return [{ need: 'chains', netns: 'host' }, ...(inside ? bridgeFilterNeeds : [])];
  },
  find: (lab, live, { file }) => {
    const { through, inside } = findLabTrafficDrops(lab, live.get({ need: 'chains', netns: 'host' }) ?? [], live);
    return [
      ...firewallWarning(file, through, (where) => `${where} drops packets that the lab needs this machine to forward`),
      ...firewallWarning(file, inside, (where) => `${where} drops packets between members of one bridge`),
    ];
  },
};

/** One warning for all drops: `netform doctor` lists each of them. */
const firewallWarning = (file: string, [first]: readonly FirewallDrop[], sentence: (where: string) => string) =>
  first === undefined
    ? []
    : [
        makeDiagnostic('forwarding-dropped', null, sentence(formatFirewallChain(first.by)), {
          severity: 'warning',
          hint: `netform doctor ${file} names the rule, and the command that lets the lab through`,
        }),
      ];
