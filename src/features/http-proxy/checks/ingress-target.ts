import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labIngresses } from '../topology.ts';

/** Rules about one path: only the first counts. The other mistake of targets is found where they are resolved. */
export const ingressTarget: LabCheck = {
  name: 'ingress-target',
  code: 'NF2620',
  title: 'Ingress rule without effect',
  explain:
    'Two rules of an `ingress` are about the same path of the same host, and only one of them can count; or a target has no address that requests could be sent to.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } } }
  edge:
    interfaces: { eth0: { bridge: lan } }
    ingress: { listen: 80, rules: [{ to: "web:80" }, { paths: { /: "web:81" } }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } } }
  edge:
    interfaces: { eth0: { bridge: lan } }
    ingress: { listen: 80, rules: [{ to: "web:80" }, { host: a.test, paths: { /: "web:81" } }] }
`,
  find: (_topology, lab) =>
    labIngresses(lab).flatMap(({ written: { paths } }) => {
      const known = new Set<string>();
      return paths.flatMap(({ host, path, isExact, at }) => {
        const key = `${host} ${isExact} ${path}`;
        const isTwice = known.has(key);
        known.add(key);
        const what = `${isExact ? 'exactly ' : ''}${path}${host === null ? '' : ` of ${host}`}`;
        const hint = 'keep one of them; a list of targets shares the requests';
        return isTwice
          ? [makeDiagnostic('ingress-target', atValue(at), `a rule before is about ${what}, too`, { hint })]
          : [];
      });
    }),
};
