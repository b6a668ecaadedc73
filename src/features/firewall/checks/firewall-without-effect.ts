import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { labFirewalls, type TopologyFirewall, writtenFirewall } from '../topology.ts';

/** A firewall, or a part of it, that changes nothing. */
export const firewallWithoutEffect: LabCheck = {
  name: 'firewall-without-effect',
  code: 'NF2123',
  title: 'Firewall without effect',
  explain:
    'What no rule is about passes, unless `input`, `forward` or `output` says otherwise: then `allow` and `log` change nothing. The firewall of the machine is about links of the lab only, and the lab may have none there.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web: { interfaces: { eth0: { bridge: lan } } } }
firewall: { allow: [{ from: lan, ports: [22] }] }
host: { forwarding: false }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web: { interfaces: { eth0: { bridge: lan } } } }
firewall: { input: drop, allow: [{ from: lan, ports: [22] }] }
host: { forwarding: false }
`,
  find: ({ host, namespaces }, lab) =>
    [host, ...namespaces].flatMap((netns) => {
      const written = writtenFirewall(netns);
      if (written === null) return [];
      const isEmpty = labFirewalls(lab).some((one) => one.netns === netns.name && one.rules.length === 0);
      const problem = isEmpty ? NO_LINKS : problemOf(written);
      if (problem === null) return [];
      const [at, message, hint] = problem;
      const place = atKey([...written.at, ...at]);
      return [makeDiagnostic('firewall-without-effect', place, message, { severity: 'warning', hint })];
    }),
};

type EffectProblem = readonly [at: readonly string[], message: string, hint: string];

const NO_LINKS: EffectProblem = [
  [],
  'the lab has no link on this machine, and its firewall is about no other',
  'write firewall in the namespace that passes packets on',
];

function problemOf({ input, forward, output, entries, log, clampMss }: TopologyFirewall): EffectProblem | null {
  if ([input, forward, output].some((verdict) => verdict !== 'accept')) return null;
  if (entries.some(({ sort }) => sort === 'allow'))
    return [['allow'], 'everything passes: what is allowed changes nothing', CLOSE];
  if (log) return [['log'], 'everything passes: there is nothing to log', CLOSE];
  if (entries.length === 0 && !clampMss) return [[], 'this firewall lets everything pass', CLOSE];
  return null;
}

const CLOSE = 'write forward: drop, or input: drop, so that only what is allowed passes';
