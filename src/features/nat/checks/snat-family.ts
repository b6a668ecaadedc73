import { listPhrase } from '../../../checks/phrases.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { familyOf } from '../../../net/address.ts';

/** `snat` to an address of a family that none of its sources has. */
export const snatFamily: LabCheck = {
  name: 'snat-family',
  code: 'NF2403',
  title: 'SNAT to an address of the other family',
  explain:
    'The sources of an `snat` are all IPv4 and its address is IPv6, or the reverse. It would never rewrite a packet.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
nat: [{ snat: lan, as: "2001:db8::5", out: eth0 }]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
nat: [{ snat: lan, as: 203.0.113.5, out: eth0 }]
`,
  find: (_topology, lab) =>
    lab.nat.flatMap(({ as, from, at }) => {
      if (!as || !from || from.length === 0) return [];
      const family = familyOf(as.address);
      if (from.some((prefix) => familyOf(prefix) === family)) return [];
      const other = family === 4 ? 'IPv6' : 'IPv4';
      return [
        makeDiagnostic(
          'snat-family',
          atValue([...at, 'as']),
          `${as.address} is IPv${family}, but ${listPhrase(from)} ${from.length === 1 ? 'is' : 'are'} ${other}`,
          { hint: `write an ${other} address of this machine` },
        ),
      ];
    }),
};
