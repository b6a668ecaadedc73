import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LinkLive, NetnsLive } from '../../model/kernel/live-state.ts';
import { labOfMark } from '../../model/kind.ts';
import type { LabLink } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';
import { listPhrase } from '../phrases.ts';

/** A NIC of the machine that is to be moved into a namespace, and cannot be, or is in use. */
export const nicInUse: MachineCheck = {
  name: 'nic-in-use',
  code: 'NF3035',
  title: 'NIC cannot be moved',
  explain:
    'A `move` names a link that the machine does not have, or that it uses: a moved NIC loses its addresses, with the routes by them, and its master, and what stands on it is deleted. Or it names a link that the kernel deletes together with its namespace, so that it could not be given back: those that have `rtnl_link_ops` (any that `ip -d link` shows a kind of), see `default_device_exit_net` and `default_device_exit_batch` in net/core/dev.c.',
  bad: `
namespaces: { red: { interfaces: { eth9: { move: "host:eth9" } } } }
`,
  good: null,
  query: ({ links }) =>
    [...new Set(links.flatMap(({ isFound, netns }) => (isFound ? ['host', netns] : [])))].map(
      (netns) => ({ need: 'namespace', netns }) as const,
    ),
  find: (lab, live) => {
    const host = live.get({ need: 'namespace', netns: 'host' });
    return lab.links.flatMap((link) => {
      if (!link.isFound || !host) return [];
      const inside = live.get({ need: 'namespace', netns: link.netns })?.links.get(link.name);
      if (inside && inside.kind === null) return [];
      const problem = problemOf(link, host, lab.name);
      if (problem === null) return [];
      const [message, hint] = problem;
      return [makeDiagnostic('nic-in-use', atValue([...link.at, link.kind]), message, { hint })];
    });
  },
};

/** Why a NIC cannot be moved, and what to do; null: it can. */
function problemOf({ lower, name }: LabLink, host: NetnsLive, lab: string): readonly [string, string] | null {
  const nic = lower?.name ?? name;
  // One that came back from a namespace that was deleted by hand has the name that it had there.
  const isReturned = [...host.links.values()].some(
    (link) => link.kind === null && link.name === name && labOfMark(link.alias) === lab,
  );
  if (isReturned) return null;
  const link = host.links.get(nic);
  if (!link) return [`${nic} is not a link of this machine`, `this machine has ${nicsPhrase(host)}`];
  if (nic === 'lo') return ["the machine's lo stays where it is", 'name a NIC'];
  if (link.kind !== null) {
    const hint = 'only NICs of hardware come back from a namespace; a cable, or a macvlan on it, leads there, too';
    return [`${nic} is a ${link.kind}, which the kernel deletes together with its namespace`, hint];
  }
  if (link.master !== null)
    return [`${nic} is a port of ${link.master}`, `take it out first: ip link set ${nic} nomaster`];
  const addresses = host.addresses.filter(({ dev, scope }) => dev === nic && scope !== 'link');
  if (addresses.length > 0) {
    const isGateway = host.routes.some(({ to, hops }) => to.endsWith('/0') && hops.some(({ dev }) => dev === nic));
    const route = isGateway ? ', and the default route of the machine goes through it' : '';
    const all = addresses.map(({ prefix }) => prefix);
    const hint = `the machine would lose ${all.length > 1 ? 'them' : 'it'}: take ${all.length > 1 ? 'them' : 'it'} away first (ip addr flush dev ${nic}), or name another NIC`;
    return [`${nic} has ${listPhrase(all)}${route}`, hint];
  }
  const above = [...host.links.values()].filter((one) => standsOn(one, nic)).map((one) => one.name);
  return above.length === 0
    ? null
    : [`${listPhrase(above)} stands on ${nic}, and would be deleted`, `delete it first: ip link delete ${above[0]}`];
}

/** Whether a link names another one as the one below; that of a kind that netform does not know is out of sight. */
const standsOn = ({ options }: LinkLive, nic: string): boolean =>
  options !== null && ['parent', 'dev'].some((key) => options[key] === nic);

const nicsPhrase = ({ links }: NetnsLive): string => {
  const nics = [...links.values()].filter(({ kind, name }) => kind === null && name !== 'lo').map(({ name }) => name);
  return nics.length === 0 ? 'no NIC that can be moved' : listPhrase(nics);
};
