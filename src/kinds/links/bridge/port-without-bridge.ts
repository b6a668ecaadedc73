import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';

/** Words of a port at an interface that has no port of a bridge. */
export const portWithoutBridge: LabCheck = {
  name: 'port-without-bridge',
  code: 'NF2017',
  title: 'Port words without a bridge',
  explain:
    'An interface has `port`, and no `bridge` that it has a port of. At the end of a cable, `bridge` names a bridge of the same namespace.',
  bad: `
namespaces:
  a: { interfaces: { eth0: { address: 10.0.0.1/24, port: { isolated: true } } } }
  b: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "a:eth0 -- b:eth0" ]
`,
  good: `
namespaces:
  a: { bridges: { sw: 10.0.0.0/24 }, interfaces: { eth0: { bridge: sw, port: { isolated: true } } } }
  b: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "a:eth0 -- b:eth0" ]
`,
  find: (topology) =>
    [topology.host, ...topology.namespaces].flatMap(({ name: netns, interfaces }) =>
      interfaces.flatMap(({ name, port, bridge }) =>
        port === null || bridge !== null
          ? []
          : [
              makeDiagnostic(
                'port-without-bridge',
                atKey(port.at),
                `${netns}:${name} is on no bridge, and has words of a port`,
                {
                  hint: 'write `bridge` beside `port`, or leave `port` out',
                },
              ),
            ],
      ),
    ),
};
