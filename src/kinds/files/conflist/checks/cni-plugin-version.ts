import type { MachineCheck } from '../../../../checks/check.ts';
import { listPhrase } from '../../../../checks/phrases.ts';
import { makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../../model/diagnostics/source-location.ts';
import type { LiveState } from '../../../../model/kernel/need.ts';
import type { LabFile } from '../../../../model/lab.ts';
import { attachedNetworks, conflistsOf, pluginNeeds } from '../entries.ts';
import { pluginCalls } from '../plugins/plugin-calls.ts';

/** A plugin that does not support the version of its conflist. */
export const cniPluginVersion: MachineCheck = {
  name: 'cni-plugin-version',
  code: 'NF3008',
  title: 'CNI version not supported by a plugin',
  explain:
    'An installed plugin does not list the `cniVersion` of its conflist, and refuses to run. An error where an interface is attached to the network; else a warning: another machine, or a newer package, may have one that does.',
  bad: `
cni:
  mynet:
    cniVersion: 1.1.0
    plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }]
`,
  query: pluginNeeds,
  find: (lab, live) =>
    conflistsOf(lab).flatMap((conflist) => {
      const severity = attachedNetworks(lab).has(conflist.name) ? 'error' : 'warning';
      const version = conflist.content['cniVersion'];
      const called = pluginCalls(conflist).flatMap(({ type, at }) => {
        const plugin = live.get({ need: 'plugin', key: type });
        return plugin ? [{ type, at, ...plugin }] : [];
      });
      const broken = called.find(({ problem: reason }) => reason !== null);
      if (broken) {
        return [
          makeDiagnostic(
            'cni-plugin-version',
            atValue(broken.at),
            `cannot query the versions of CNI plugin ${broken.type}: ${broken.problem}`,
            {
              severity,
              hint: `look at ${broken.path}`,
            },
          ),
        ];
      }
      const behind = called.filter(({ versions }) => typeof version === 'string' && !versions.includes(version));
      if (behind.length === 0) return [];
      const best = bestVersion(conflist, live);
      const types = listPhrase([...new Set(behind.map(({ type }) => type))]);
      return [
        makeDiagnostic(
          'cni-plugin-version',
          atValue([...conflist.at, 'cniVersion']),
          `${types} on this machine ${behind.length === 1 ? 'does' : 'do'} not support cniVersion ${version}`,
          {
            severity,
            hint: best ? `write ${best}, which all its plugins support` : 'install other versions of the plugins',
          },
        ),
      ];
    }),
};

/** The newest version that every installed plugin of a conflist supports. */
function bestVersion(conflist: LabFile, live: LiveState): string | null {
  const spoken = pluginCalls(conflist).flatMap(({ type }) => {
    const plugin = live.get({ need: 'plugin', key: type });
    return plugin ? [plugin.versions] : [];
  });
  const common = (spoken[0] ?? []).filter((version) => spoken.every((versions) => versions.includes(version)));
  return [...common].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null;
}
