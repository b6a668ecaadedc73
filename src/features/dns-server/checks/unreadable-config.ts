import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { Lab } from '../../../model/lab.ts';
import { labDnsServers } from '../topology.ts';

/** The file with the configuration of a DNS server that cannot be read. */
export const unreadableConfig: MachineCheck = {
  name: 'unreadable-config',
  code: 'NF3073',
  title: 'Configuration that cannot be read',
  explain:
    '`config: { from: … }` names the file with the configuration of a DNS server, beside the topology or by its whole path. It is read when the lab is planned and applied, not when it is validated.',
  bad: `
namespaces:
  ns: { dnsServer: { config: { from: no-such-file.conf } } }
`,
  good: `
namespaces:
  ns: { dnsServer: { config: { content: "no-resolv" } } }
`,
  query: (lab) => sourcesOf(lab).map(({ value: key }) => ({ need: 'file', key }) as const),
  find: (lab, live) =>
    sourcesOf(lab)
      .filter(({ value: key }) => live.get({ need: 'file', key }) === null)
      .map(({ value, at }) =>
        makeDiagnostic('unreadable-config', atValue(at), `${value} cannot be read`, {
          hint: 'from is a path beside the topology, or a whole one',
        }),
      ),
};

const sourcesOf = (lab: Lab) => labDnsServers(lab).flatMap(({ source }) => source ?? []);
