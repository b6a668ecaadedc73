import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import { joinLimited } from '../../lab/messages.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { serviceStatements } from './nft-statements.ts';
import { addressOfRule, type ServiceRule } from './rule.ts';
import { staleServices } from './stale-conntrack.ts';

/** Services in the lab's table: a map to one chain for each port, and what refuses the rest. */
export const servicesPart = defineNftPart<ServiceRule>({
  name: 'services',
  statements: serviceStatements,
  describe: {
    noun: 'service',
    key: ({ service, family, at, protocol, port }) => JSON.stringify([service, family, at, protocol, port]),
    title: (rule) => `${rule.service} ${listenText(rule)}`,
    text: (before, after) => `to ${transitionText(before && targetsText(before), after && targetsText(after))}`,
  },
  // Rules of others are not compared with a service: there is no one way to write it.
  equivalent: { keys: (rule) => [JSON.stringify(rule)], found: () => [] },
  exclusive: (rules) => rules.map(portClaim),
  staleConntrack: staleServices,
});

const portClaim = (rule: ServiceRule): ExclusiveClaim => ({
  of: 'port',
  family: rule.family,
  address: addressOfRule(rule),
  ports: { first: rule.port, last: rule.port },
  protocols: [rule.protocol],
  text: `port ${rule.port}/${rule.protocol} (service ${rule.service})`,
});

/** `10.96.0.10:80/tcp`, `*:30080/tcp`. */
function listenText(rule: Pick<ServiceRule, 'at' | 'port' | 'protocol'>): string {
  const address = addressOfRule(rule);
  return `${address === null ? '*' : bracketIpv6(address)}:${rule.port}/${rule.protocol}`;
}

/** `web-1 10.1.0.2:8080, web-2 10.1.0.3:8080`. */
function targetsText({ targets, seed, masquerade }: ServiceRule): string {
  if (targets.length === 0) return 'no endpoint: refused';
  const listed = targets.map(({ label, address, port }) => {
    const where = `${bracketIpv6(address)}:${port}`;
    return label === address ? where : `${label} ${where}`;
  });
  const how = [...(seed === null ? [] : ['by client']), ...(masquerade ? ['masqueraded'] : [])];
  return `${joinLimited(listed)}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
}
