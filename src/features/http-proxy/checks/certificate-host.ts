import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { certificateIn, certificateQuery } from '../certificates.ts';
import { labIngresses } from '../topology.ts';

/** A certificate of the user's that is not for the hosts that are served with it. */
export const certificateHost: MachineCheck = {
  name: 'certificate-host',
  code: 'NF3075',
  title: 'Certificate for other hosts',
  explain:
    'A certificate that an `ingress` is given does not have the names that clients ask for: those under `hosts` beside it, or else those of the rules. A client that checks certificates refuses the connection.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    ingress:
      listen: { port: 443, tls: { certificate: /etc/lab.pem, hosts: [other.lab.test] } }
      default: "10.0.0.9:80"
`,
  good: null,
  query: (lab) => labIngresses(lab).flatMap(({ certificates }) => certificateQuery(certificates)),
  find: (lab, live) =>
    labIngresses(lab).flatMap(({ certificates }) =>
      certificates.flatMap((one) => {
        const read = certificateIn(one, live);
        const others = read !== null && 'isFor' in read ? one.hosts.filter((host) => !read.isFor(host)) : [];
        if (others.length === 0) return [];
        const message = `${one.path} is not a certificate for ${others.join(', ')}`;
        const hint = 'add the names to subjectAltName, or write other hosts';
        return [makeDiagnostic('certificate-host', atValue(one.at), message, { severity: 'warning', hint })];
      }),
    ),
};
