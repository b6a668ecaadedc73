import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { Lab } from '../../../model/lab.ts';
import { LOG_ALL } from '../resolve.ts';
import { labFirewalls } from '../topology.ts';

/** Lines for the kernel's log that it does not write. */
export const firewallLogUnseen: MachineCheck = {
  name: 'firewall-log-unseen',
  code: 'NF3026',
  title: 'The kernel logs nothing of namespaces here',
  explain:
    'The kernel writes lines of namespaces to its log when `net.netfilter.nf_log_all_netns` is 1, which netform sees to where a firewall logs. The setting is there in the first network of a machine only: not in a container, and not without root. The firewall works as it should; its lines are not written.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, firewall: { input: drop, log: true } } }
host: { forwarding: false }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, firewall: { input: drop } } }
host: { forwarding: false }
`,
  query: (lab) => (logging(lab).length === 0 ? [] : [LOG_ALL]),
  find: (lab, live) => {
    const [first] = live.get(LOG_ALL) === null ? logging(lab) : [];
    if (first === undefined) return [];
    const message = 'this machine has no net.netfilter.nf_log_all_netns: what is to be logged of namespaces is not';
    const hint = 'apply the lab in the first network of the machine, or leave log out';
    return [makeDiagnostic('firewall-log-unseen', atValue(first), message, { severity: 'warning', hint })];
  },
};

/** The places of rules that log, in namespaces. */
const logging = (lab: Lab) =>
  labFirewalls(lab).flatMap(({ netns, rules }) =>
    netns === 'host' ? [] : rules.flatMap(({ rule, at }) => (rule.log === null || rule.log === false ? [] : [at])),
  );
