import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { keyQuery, readKey } from '../keys.ts';
import { labWireguard } from '../topology.ts';

/** A file that should hold a key. */
export const wireguardKey: MachineCheck = {
  name: 'wireguard-key',
  code: 'NF3040',
  title: 'No key of WireGuard',
  explain:
    'The file or the credential that `privateKey` or `presharedKey` names is not there, does not hold a key, or can be read by others than its owner.',
  bad: `
namespaces:
  a:
    interfaces:
      wg0:
        wireguard:
          privateKey: { file: keys/nowhere }
          peers: [{ publicKey: hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=, allowedIPs: 10.9.0.2/32 }]
        address: 10.9.0.1/24
`,
  good: `
namespaces:
  a:
    interfaces:
      wg0:
        wireguard:
          peers: [{ publicKey: hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=, allowedIPs: 10.9.0.2/32 }]
        address: 10.9.0.1/24
`,
  query: (lab) => labWireguard(lab).flatMap(({ sources }) => sources.flatMap(({ path }) => keyQuery(path))),
  find: (lab, live) =>
    labWireguard(lab).flatMap(({ sources }) =>
      sources.flatMap((source) => {
        const read = readKey(source, live);
        return 'key' in read
          ? []
          : [makeDiagnostic('wireguard-key', atValue(source.at), read.problem, { hint: read.hint })];
      }),
    ),
};
