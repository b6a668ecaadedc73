import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import { nicsWithMac } from '../../model/values/nics-with-mac.ts';
import type { MachineCheck } from '../check.ts';
import { touchesHost } from '../machine/touches-host.ts';
import { listPhrase } from '../phrases.ts';
import { linkSummaries } from './link-summaries.ts';

type HostLinkReference = { readonly name: string; readonly at: SourceLocation; readonly as: string };

/** A link of the machine that the file names and the machine does not have. */
export const missingLink: MachineCheck = {
  name: 'missing-link',
  code: 'NF3003',
  rank: 30,
  title: 'Link missing on this machine',
  explain:
    'An `existing` interface of the host (by name, or by a MAC that none or several links have), the link below another link, an `out` of its `nat`, or a `dev` of its routes, rules and neighbours names a link that is neither on this machine nor created by the lab.',
  bad: `
host: { interfaces: { ens9: { existing: true, address: 10.0.0.1/24 } } }
`,
  good: `
host: { interfaces: { eth0: { existing: true, address: 10.0.0.1/24 } } }
`,
  query: (lab) => (touchesHost(lab) ? [{ need: 'namespace', netns: 'host' }] : []),
  find: (lab, live) => {
    const links = live.get({ need: 'namespace', netns: 'host' })?.links;
    if (!links) return [];
    const made = new Set(
      linkSummaries(lab).flatMap(({ netns, name, mac }) => (netns === 'host' && mac !== null ? [name] : [])),
    );
    const there = [...links.values()]
      .filter(({ name, alias }) => name !== 'lo' && !alias?.startsWith('netform:v1:'))
      .map(({ name }) => name);
    const known = there.length === 0 ? 'no link but lo' : listPhrase(there);
    const reported = new Set<string>();
    const byMac = new Set(lab.existing.flatMap(({ name, mac }) => (mac ? [name] : [])));
    const named = namedOnHost(lab).filter(({ name }) => !byMac.has(name));
    const unknown = lab.existing.flatMap((nic) => missingMac(nic, live, known));
    const others = named.flatMap(({ name, at, as }): readonly Diagnostic[] => {
      if (links.has(name) || made.has(name) || reported.has(name)) return [];
      reported.add(name);
      return [
        makeDiagnostic('missing-link', at, `${as} ${name} is not a link of this machine`, {
          hint: `this machine has ${known}`,
        }),
      ];
    });
    return [...unknown, ...others];
  },
};

/** A NIC that is found by its MAC, when none has that, or several. */
function missingMac({ mac }: Lab['existing'][number], live: LiveState, known: string): readonly Diagnostic[] {
  const nics = mac ? nicsWithMac(live, mac.value) : [];
  if (!mac || nics.length === 1) return [];
  const [message, hint] =
    nics.length === 0
      ? [`no link of this machine has the MAC ${mac.value}`, `this machine has ${known}`]
      : [`${listPhrase(nics)} have the MAC ${mac.value}`, `name the one that is meant: ${nics[0]}: { existing: true }`];
  return [makeDiagnostic('missing-link', atValue(mac.at), message, { hint })];
}

function namedOnHost(lab: Lab): readonly HostLinkReference[] {
  const onHost = <T extends { readonly netns: string }>(items: readonly T[]) =>
    items.filter(({ netns }) => netns === 'host');
  return [
    ...lab.existing.map(({ name, at }) => ({ name, at: atKey(at), as: 'existing interface' })),
    ...lab.links.flatMap(({ kind, lower, isFound, at }) =>
      lower?.netns === 'host' && !isFound ? [{ name: lower.name, at: atValue([...at, kind]), as: 'lower link' }] : [],
    ),
    ...onHost(lab.nat).flatMap(({ out, at }) => (out ? [{ name: out, at: atValue([...at, 'out']), as: 'out:' }] : [])),
    ...onHost(lab.routes).flatMap(({ hops, at }) =>
      hops.map(({ dev }) => ({ name: dev, at: atValue([...at, 'dev']), as: 'dev:' })),
    ),
    ...onHost(lab.neighbours).map(({ dev, at }) => ({ name: dev, at: atValue([...at, 'dev']), as: 'dev:' })),
    ...onHost(lab.rules).flatMap(({ iif, oif, at }) => [
      ...(iif ? [{ name: iif, at: atValue([...at, 'iif']), as: 'iif:' }] : []),
      ...(oif ? [{ name: oif, at: atValue([...at, 'oif']), as: 'oif:' }] : []),
    ]),
  ];
}
