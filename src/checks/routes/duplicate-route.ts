import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { routeId } from '../../model/ids.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import { netnsPhrase } from '../phrases.ts';

/** Two routes of one namespace that the kernel cannot tell apart. */
export const duplicateRoute: LabCheck = {
  name: 'duplicate-route',
  code: 'NF2204',
  rank: 110,
  title: 'Duplicate route',
  explain:
    'Two routes of a namespace have the same destination, table, metric and TOS. The kernel keeps one of them. Several next hops for one destination are one route with a list under `via`.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.2 } }
    routes:
      - { to: 10.9.0.0/16, via: 10.0.0.1 }
      - { to: 10.9.0.0/16, via: 10.0.0.3 }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.2 } }
    routes:
      - { to: 10.9.0.0/16, via: [10.0.0.1, 10.0.0.3] }
`,
  find: (_topology, lab) => {
    const seen = new Map<string, LabRoute>();
    return lab.routes.flatMap((route) => {
      const key = routeId(route.netns, route);
      const first = seen.get(key);
      if (!first) {
        seen.set(key, route);
        return [];
      }
      return [
        makeDiagnostic('duplicate-route', atValue(route.at), messageFor(route), {
          related: [{ at: atValue(first.at), message: 'first written here' }],
          hint: 'list the next hops under one via, or give one of the two another metric',
        }),
      ];
    });
  },
};

function messageFor(route: LabRoute): string {
  const to = route.to === '0.0.0.0/0' || route.to === '::/0' ? `the default route (${route.to})` : `route ${route.to}`;
  const table = route.table === RT_TABLE_MAIN ? '' : ` in table ${route.table}`;
  return `${to} is written twice in ${netnsPhrase(route.netns)}${table} with metric ${route.metric}`;
}
