import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** More neighbour entries than the kernel keeps for all namespaces together. */
export const tooManyNeighbours: MachineCheck = {
  name: 'too-many-neighbours',
  code: 'NF3018',
  title: 'More neighbours than the kernel keeps',
  explain:
    'All namespaces share one table of neighbours for each family, with at most `net.ipv4.neigh.default.gc_thresh3` (or `ipv6`) entries, 1,024 by default. The members of the lab and their gateways alone need most of them: when many talk at once, connections are lost at random. The lab is still created.',
  bad: null,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  query: (lab) =>
    FAMILIES.filter((family) => countNeighbours(lab, family) > FEW_NEIGHBOURS).map((family) => ({
      need: 'sysctl-value',
      netns: 'host',
      key: limitKey(family),
    })),
  find: (lab, live) =>
    FAMILIES.flatMap((family) => {
      const known = countNeighbours(lab, family);
      const limit = known > FEW_NEIGHBOURS ? limitOf(lab, live, family) : null;
      if (limit === null || !isCrowded(known, limit)) return [];
      const name = limitKey(family).replaceAll('/', '.');
      return [
        makeDiagnostic(
          'too-many-neighbours',
          null,
          `the members of the lab need about ${known} neighbour entries, and the kernel keeps ${limit} for all namespaces together`,
          { severity: 'warning', hint: `sysctl -w ${name}=${neighbourLimitFor(known)}` },
        ),
      ];
    }),
};

const FAMILIES = [4, 6] as const;

/** Below this the limit is not read: the kernel's default is 1,024. */
const FEW_NEIGHBOURS = 300;

const limitKey = (family: 4 | 6): string => `net/ipv${family}/neigh/default/gc_thresh3`;

/** The limit that the file asks for, else that of the machine; null: unknown. */
function limitOf(lab: Lab, live: LiveState, family: 4 | 6): number | null {
  const key = limitKey(family);
  const wanted = lab.sysctls.find((one) => one.netns === 'host' && one.key === key)?.value;
  const value = wanted ?? live.get({ need: 'sysctl-value', netns: 'host', key });
  return value === null ? null : Number(value);
}

/** How many neighbour entries the members of a lab need at least: each member and its gateway know each other. */
export const countNeighbours = ({ lans }: Lab, family: 4 | 6): number =>
  lans.reduce((sum, { members }) => {
    const some = members.filter(({ prefixes }) => prefixes.some((prefix) => prefix.includes(':') === (family === 6)));
    return sum + 2 * Math.max(0, some.length - 1);
  }, 0);

/** Whether that many entries lose connections under a limit: from about 700 of 1,024 on, since others need some too. */
export const isCrowded = (known: number, limit: number): boolean => known > limit * MOST_SHARE;

const MOST_SHARE = 0.68;

/** A limit with room for that many entries, a power of two. */
export const neighbourLimitFor = (known: number): number => 2 ** Math.ceil(Math.log2(4 * known));
