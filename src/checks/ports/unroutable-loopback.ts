import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';

/** A forward that listens at `[::1]`. */
export const unroutableLoopback: LabCheck = {
  name: 'unroutable-loopback',
  code: 'NF2404',
  title: 'Forward listens at ::1',
  explain:
    'A forward listens at `[::1]`. The kernel has no `route_localnet` for IPv6: a packet to `::1` never leaves by another link, so the forward would never answer. Forwards at every address leave `::1` out for the same reason; `127.0.0.1` works.',
  bad: `
bridges: { lan: { subnet: ["10.0.0.0/24", "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["[::1]:8080:80"] }
host: { forwarding: true }
`,
  good: `
bridges: { lan: { subnet: ["10.0.0.0/24", "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["127.0.0.1:8080:80"] }
host: { forwarding: true }
`,
  find: (_topology, lab) =>
    lab.ports
      .filter(({ address }) => address === '::1')
      .map(({ at }) =>
        makeDiagnostic(
          'unroutable-loopback',
          atValue(at),
          'a forward at [::1] never answers: the kernel does not route IPv6 loopback',
          { hint: 'listen at 127.0.0.1, at another IPv6 address of the host, or at every address' },
        ),
      ),
};
