import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labIngresses } from '../topology.ts';

/** What nginx cannot do. */
export const ingressLimit: LabCheck = {
  name: 'ingress-limit',
  code: 'NF2621',
  title: 'Program that cannot do what the ingress asks for',
  explain:
    'nginx asks no server whether it is well before it sends requests there (`check`), and compares paths after it has decoded them, so a path with `%` never fits. haproxy can do both.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } } }
  edge:
    interfaces: { eth0: { bridge: lan } }
    ingress: { engine: nginx, listen: 80, check: /healthz, default: "web:80" }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } } }
  edge:
    interfaces: { eth0: { bridge: lan } }
    ingress: { listen: 80, check: /healthz, default: "web:80" }
`,
  find: (_topology, lab) =>
    labIngresses(lab).flatMap(({ written: { engine, check, paths } }) => {
      if (engine !== 'nginx') return [];
      const checks = [check, ...paths.map((one) => one.check)].flatMap((one) => (one?.path == null ? [] : [one.at]));
      const hint = 'leave engine out, for haproxy';
      return [
        ...[...new Set(checks)].map((at) =>
          makeDiagnostic('ingress-limit', atValue(at), 'nginx does not check servers', { hint }),
        ),
        ...paths
          .filter(({ path }) => path.includes('%'))
          .map(({ path, at }) =>
            makeDiagnostic('ingress-limit', atValue(at), `nginx decodes paths, so ${path} never fits`, { hint }),
          ),
      ];
    }),
};
