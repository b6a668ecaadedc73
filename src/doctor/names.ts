import { findLoopbackNameservers, nameserverLoopback } from '../features/names/checks/nameserver-loopback.ts';
import type { Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import { shellWord } from '../model/values/shell-word.ts';
import type { DoctorRule } from './rule.ts';

/** Namespaces that ask the resolver of the machine at a loopback address. */
export const nameserverLoopbackRule: DoctorRule = {
  name: 'nameserver-loopback',
  title: 'A namespace asks a nameserver on loopback',
  explain:
    'Where `/etc/resolv.conf` says `127.0.0.53` (systemd-resolved, on every Ubuntu) or another loopback address, only the machine itself gets an answer: loopback of a namespace is its own. Write `dns: { nameservers: […] }` with a server that the namespaces reach, and apply. The remedy does the same for one namespace until the next `netform apply`.',
  find: ({ labs, live }) =>
    labs.flatMap((lab) => {
      const found = nameserverNeeds(lab).length === 0 ? null : findLoopbackNameservers(lab, live);
      if (found === null) return [];
      const { netns, server, upstream } = found;
      return [
        {
          severity: 'warning' as const,
          what: `${netns.join(', ')} of the lab ${lab.name} ${netns.length === 1 ? 'asks' : 'ask'} the nameserver ${server}, which only answers this machine itself`,
          breaks: 'names that are in no hosts file do not resolve there',
          where: `resolv.conf; write in the file of the lab: dns: { nameservers: [${upstream}] }`,
          remedy: netns.map((name) => `echo nameserver ${upstream} >>${shellWord(`/etc/netns/${name}/resolv.conf`)}`),
          fix: null,
        },
      ];
    }),
};

/** The needs of that rule for a lab. */
export const nameserverNeeds = (lab: Lab): Query => nameserverLoopback.query?.(lab) ?? [];
