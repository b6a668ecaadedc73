import type { Lab } from '../model/lab.ts';

/**
 * Whether answers of the lab come back to this machine by another link than the questions went: a namespace is on two LANs of
 * a machine that forwards, and has one default route.
 */
export function hasAsymmetricRouting(lab: Lab): boolean {
  const forwards = lab.sysctls.some(
    ({ netns, key, value }) => netns === 'host' && key === 'net/ipv4/ip_forward' && value === '1',
  );
  if (!forwards) return false;
  const ours = lab.lans.filter(
    ({ gateways, subnets, bridge }) => bridge?.netns === 'host' && (gateways.length > 0 || subnets.length > 0),
  );
  const reached = ours.filter(({ bridge }) =>
    lab.addresses.some(
      (one) => one.netns === 'host' && one.dev === bridge?.name && one.prefixes.some((prefix) => !prefix.includes(':')),
    ),
  );
  if (reached.length < 3) return false;
  return lab.namespaces.some(
    ({ name }) =>
      reached.filter(({ members }) => members.some(({ netns }) => netns === name)).length > 1 &&
      lab.routes.filter((route) => route.netns === name && route.to === '0.0.0.0/0').length === 1 &&
      lab.rules.every(({ netns }) => netns !== name),
  );
}
