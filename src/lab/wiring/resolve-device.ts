import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';

/** A link as a route, rule or nat names it. `link` null: one of the machine that the file does not declare. */
export type NamedDevice = { readonly name: string; readonly link: ModelLink | null };

/** The device that a name in a namespace means. Null, reported: the namespace has none; a name on the host may be the machine's. */
export function resolveDevice(world: LabModel, netns: string, written: TopologyValue<string>): NamedDevice | null {
  const devices = world.wiring.devices.get(netns);
  const link = devices?.get(written.value);
  if (link) return { name: link.name, link };
  if (netns === 'host' || written.value === 'lo') return { name: written.value, link: null };
  const labels = [...new Set([...(devices?.values() ?? [])].map(({ label }) => label))];
  const hint = didYouMeanHint(written.value, labels, `interfaces in ${netns}`);
  world.report(
    makeDiagnostic('unknown-device', atValue(written.at), `${netns} has no link ${written.value}`, { hint }),
  );
  return null;
}

/** The entry of `unknown-device` in docs/checks.md. */
export const unknownDeviceDoc: CheckDoc = {
  name: 'unknown-device',
  code: 'NF2207',
  title: 'Unknown link',
  explain:
    'A `dev`, an `out`, an `iif` or an `oif` does not name a link of its namespace. On the host, the links of the machine count too (`missing-link`).',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, dev: eth1 }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, dev: eth0 }] }
`,
};
