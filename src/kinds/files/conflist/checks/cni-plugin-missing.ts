import type { MachineCheck } from '../../../../checks/check.ts';
import { listPhrase } from '../../../../checks/phrases.ts';
import { makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../../model/diagnostics/source-location.ts';
import { closestMatch } from '../../../../net/closest-match.ts';
import { attachedNetworks, conflistsOf, pluginNeeds } from '../entries.ts';

/** A plugin of a conflist that is not on this machine, where others are. */
export const cniPluginMissing: MachineCheck = {
  name: 'cni-plugin-missing',
  code: 'NF3007',
  title: 'CNI plugin not installed',
  explain:
    'The program of a plugin is in none of the folders of CNI plugins: those of --cni-path, CNI_PATH or /etc/netform/cni-path, else /opt/cni/bin and /usr/lib/cni. An error where an interface is attached to the network, so that nothing is changed before; else a warning: the conflist may be written before the plugin is installed.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, ipam: { type: host-locale } }]
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
`,
  query: pluginNeeds,
  find: (lab, live) => {
    const attached = attachedNetworks(lab);
    const calls = conflistsOf(lab)
      .flatMap(({ name, plugins }) => plugins.map((one) => ({ ...one, isAttached: attached.has(name) })))
      // A plugin is reported where an interface needs it.
      .toSorted((a, b) => Number(b.isAttached) - Number(a.isAttached));
    const installed = [...(live.get({ need: 'plugin-names' }) ?? [])].sort();
    if (installed.length === 0) return [];
    const reported = new Set<string>();
    return calls.flatMap(({ type, at, isAttached }) => {
      if (live.get({ need: 'plugin', key: type }) !== null || reported.has(type)) return [];
      reported.add(type);
      const meant = DEBIAN_PLUGINS.has(type) ? null : closestMatch(type, installed);
      return [
        makeDiagnostic('cni-plugin-missing', atValue(at), `CNI plugin ${type} is not installed on this machine`, {
          severity: isAttached ? 'error' : 'warning',
          hint: missingHint(type, meant, installed),
        }),
      ];
    });
  },
};

function missingHint(type: string, meant: string | null, installed: readonly string[]): string {
  if (DEBIAN_PLUGINS.has(type)) return 'install it: apt-get install containernetworking-plugins';
  if (meant !== null) return `did you mean ${meant}?`;
  return `installed ${installed.length === 1 ? 'is' : 'are'} ${listPhrase(installed, 20)}; --cni-path names other folders`;
}

/** What the package has in Debian 12. */
const DEBIAN_PLUGINS: ReadonlySet<string> = new Set(
  'bandwidth bridge dhcp firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tuning vlan vrf'.split(
    ' ',
  ),
);
