import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { certificateIn, certificateQuery } from '../certificates.ts';
import { labIngresses } from '../topology.ts';

/** A file that should hold a certificate with its key. */
export const unreadableCertificate: MachineCheck = {
  name: 'unreadable-certificate',
  code: 'NF3074',
  title: 'File without certificate and key',
  explain:
    'The file that `certificate` names is not there, or does not hold a certificate and its key. It is read when the lab is planned and applied, not when it is validated.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    ingress: { listen: { port: 443, tls: { certificate: no-such-file.pem } }, default: "10.0.0.9:80" }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    ingress: { listen: { port: 443, tls: { hosts: [app.lab.test] } }, default: "10.0.0.9:80" }
`,
  query: (lab) => labIngresses(lab).flatMap(({ certificates }) => certificateQuery(certificates)),
  find: (lab, live) =>
    labIngresses(lab).flatMap(({ certificates }) =>
      certificates.flatMap((one) => {
        const read = certificateIn(one, live);
        if (read !== null && 'isFor' in read) return [];
        const hint = read?.hint ?? 'certificate is a path beside the topology, or a whole one';
        const message = `${one.path} ${read?.problem ?? 'cannot be read'}`;
        return [makeDiagnostic('unreadable-certificate', atValue(one.at), message, { hint })];
      }),
    ),
};
