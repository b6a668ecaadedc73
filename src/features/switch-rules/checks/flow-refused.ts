import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { Query } from '../../../model/kernel/need.ts';
import type { Lab } from '../../../model/lab.ts';
import { labSwitchRules } from '../topology.ts';

/** A flow that ovs-ofctl does not understand, or would pass over a part of. */
export const flowRefused: MachineCheck = {
  name: 'flow-refused',
  code: 'NF3025',
  title: 'Open vSwitch does not take the flow',
  explain:
    'A flow has a word that `ovs-ofctl` of this machine does not know, a wrong value, or a match that needs another: `nw_src` alone is passed over, so that the flow would be of all frames; `ip,nw_src=…` is meant.',
  bad: `
bridges: { sw1: { kind: ovs, flows: ["nw_src=10.1.0.1,actions=drop"] } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1 } } } }
`,
  good: `
bridges: { sw1: { kind: ovs, flows: ["ip,nw_src=10.1.0.1,actions=drop"] } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1 } } } }
`,
  query: (lab): Query => flowsOf(lab).map(({ text }) => ({ need: 'flow-problem', key: text })),
  find: (lab, live) =>
    flowsOf(lab).flatMap(({ text, at }) => {
      const problem = live.get({ need: 'flow-problem', key: text });
      const hint = 'ovs-ofctl(8) and ovs-fields(7) say how flows are written';
      return problem === null ? [] : [makeDiagnostic('flow-refused', atValue(at), problem, { hint })];
    }),
};

const flowsOf = (lab: Lab) => labSwitchRules(lab).flows.flatMap(({ flows }) => flows);
