import type { LabModel } from '../../lab/model.ts';
import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { LabForward } from '../../model/lab.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { portRangeText } from '../../net/port-range.ts';

/** Without targets that a forward has already, under the same name or another; each is reported once. */
export function withoutRepeatedTargets<T extends { readonly forward: LabForward; readonly targetAt: Path }>(
  all: readonly T[],
  { report }: LabModel,
): readonly T[] {
  const known = new Map<string, Path>();
  const reported = new Set<Path>();
  return all.filter(({ forward: { at, target, weight }, targetAt }) => {
    if (weight === undefined) return true;
    const where = endpointText(target);
    const key = `${at.join('/')} ${where}`;
    const first = known.get(key);
    if (first === undefined) return known.set(key, targetAt);
    if (!reported.has(targetAt)) {
      const related = [{ at: atValue(first), message: 'the same target' }];
      const hint = 'name it once; its share is its weight: { to: …, weight: 2 }';
      report(makeDiagnostic('target-twice', atValue(targetAt), `${where} is a target already`, { related, hint }));
    }
    reported.add(targetAt);
    return false;
  });
}

const endpointText = ({ address, ports }: LabForward['target']): string =>
  `${bracketIpv6(address)}:${portRangeText(ports)}`;

/** The entry of `target-twice` in docs/checks.md. */
export const targetTwiceDoc: CheckDoc = {
  name: 'target-twice',
  code: 'NF2407',
  title: 'Target named twice',
  explain: 'A forward to several targets has the same address and port among them twice, by one name or by two.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } }, blue: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [{ listen: 80, to: ["red:80", "blue:80", "red:80"] }]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } }, blue: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [{ listen: 80, to: [{ to: "red:80", weight: 2 }, "blue:80"] }]
`,
};
