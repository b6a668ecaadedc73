import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import type { MachineCheck } from '../check.ts';

/** A package without which a part of the lab cannot be made, or not be used. */
export const missingPackage: MachineCheck = {
  name: 'missing-package',
  title: 'A package is missing',
  explain:
    '`nat`, `portForwards` and `publish` need the nftables library. A conflist without any CNI plugin on the machine is a warning: its file may be written before the plugins are installed.',
  bad: `
nat: [{ masquerade: any }]
`,
  good: `
namespaces: { red: {} }
`,
  find: (lab, live) => {
    const rule = lab.nat[0] ?? lab.forwards[0];
    const file = lab.files.find(({ plugins }) => plugins.length > 0);
    const types = lab.files.flatMap(({ plugins }) => plugins.map(({ type }) => type));
    const noPlugins = types.length > 0 && types.every((type) => live.plugins.get(type) === null);
    return [
      ...(live.nftMissing !== null && rule
        ? [
            makeDiagnostic(
              'missing-package',
              atValue(rule.at),
              'nat and forwards need nftables, which this machine does not have',
              {
                hint: live.nftMissing,
              },
            ),
          ]
        : []),
      ...(noPlugins && file
        ? [
            makeDiagnostic(
              'missing-package',
              atKey(file.at),
              'this machine has no CNI plugins in /opt/cni/bin or /usr/lib/cni',
              {
                severity: 'warning',
                hint: 'install them: apt-get install containernetworking-plugins',
              },
            ),
          ]
        : []),
    ];
  },
};
