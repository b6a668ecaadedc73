import { findSubnetRivals, subnetOnMachine } from '../checks/addresses/subnet-on-machine.ts';
import { findPolicyRoutes, subnetRoutedElsewhere } from '../checks/addresses/subnet-routed-elsewhere.ts';
import { findListenerRivals, portInUse } from '../checks/ports/port-in-use.ts';
import { findTranslationRivals, portTranslated } from '../checks/ports/port-translated.ts';
import type { DoctorFinding } from '../model/doctor/doctor-finding.ts';
import type { Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { DiagnosisContext, DoctorRule } from './rule.ts';

/** A port that a lab forwards and something else on this machine takes, too. */
export const portConflictRule: DoctorRule = {
  name: 'port-conflict',
  title: 'Another program has a port of the lab',
  explain:
    'A program listens on a port that the lab forwards, or a DNAT or redirect rule of another program is for it: a container with a published port, kube-proxy, a rule by hand. Of two rules the one whose table was loaded first wins; a program is cut off by the forward. The remedy shows who it is: publish another port, or stop the other one. `netform apply` of a lab that is up only warns.',
  find: ({ labs, live }) =>
    labs.flatMap((lab) => [
      ...findTranslationRivals(lab, live).map(
        ({ port, protocol, forward: { words, chain } }): RuleFinding => ({
          severity: 'error',
          what: `port ${port}/${protocol} of the lab ${lab.name} is forwarded by another program, too`,
          breaks: 'only one of the two gets the connections',
          where: words,
          remedy: [chain === null ? SHOW_LEGACY : `nft -a list chain ${chain}`],
          fix: null,
        }),
      ),
      ...findListenerRivals(lab, live).map(
        ({ listener: { port, protocol, address } }): RuleFinding => ({
          severity: 'error',
          what: `port ${port}/${protocol} of the lab ${lab.name} is in use by a program of this machine`,
          breaks: 'the program does not get the connections that the lab forwards',
          where: `the socket ${address.includes(':') ? `[${address}]` : address}:${port}`,
          remedy: [`ss -lnp${protocol === 'tcp' ? 't' : 'u'} 'sport = :${port}'`],
          fix: null,
        }),
      ),
    ]),
};

type RuleFinding = Omit<DoctorFinding, 'name'>;

const SHOW_LEGACY = 'iptables-legacy -t nat -S';

/** A subnet of a lab that this machine has elsewhere, or routes elsewhere. */
export const subnetConflictRule: DoctorRule = {
  name: 'subnet-conflict',
  title: 'A subnet of the lab is also somewhere else',
  explain:
    'Another link of this machine has an address or a route in a subnet of the lab (a container network, a VPN), or a policy rule asks a table before `main` that routes the subnet elsewhere. The machine then sends packets for the lab there, or the other way round. The remedy shows the routes: give one of the two another subnet. `netform apply` of a lab that is up only warns.',
  find: (facts) => facts.labs.flatMap((lab) => subnetFindings(facts, lab)),
};

function subnetFindings({ live, states }: DiagnosisContext, lab: Lab): readonly RuleFinding[] {
  const recorded = states.find((state) => state.lab === lab.name)?.resources ?? [];
  return [
    ...findSubnetRivals(lab, live, { recorded }).map(({ wanted: { prefix, words, reached }, other }): RuleFinding => {
      const text = formatPrefix(prefix);
      return {
        severity: reached ? 'error' : 'warning',
        what: `subnet ${text} of ${words} in the lab ${lab.name} overlaps ${other.words}`,
        breaks: 'this machine reaches only one of the two',
        where: other.words,
        remedy: [`ip ${text.includes(':') ? '-6 ' : ''}route show table all to match ${text}`],
        fix: null,
      };
    }),
    ...findPolicyRoutes(lab, live, recorded).map(
      ({ subnet: { text, dev: bridge }, route: { to, table, dev } }): RuleFinding => ({
        severity: 'error',
        what: `subnet ${text} of bridge ${bridge} in the lab ${lab.name} is routed to ${dev ?? 'elsewhere'}`,
        breaks: 'this machine, and what it forwards, do not reach the members of the lab',
        where: `route to ${to} in table ${table}, which a rule asks before main`,
        remedy: [`ip ${text.includes(':') ? '-6 ' : ''}rule add to ${text} lookup main priority 10`],
        fix: null,
      }),
    ),
  ];
}

/** The needs of these rules for a lab. */
export const conflictNeeds = (lab: Lab): Query =>
  [portInUse, portTranslated, subnetOnMachine, subnetRoutedElsewhere].flatMap(({ query }) => query?.(lab) ?? []);
