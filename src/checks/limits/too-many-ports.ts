import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { bridgePhrase } from '../phrases.ts';

const MOST_PORTS = 1_000;

/** More ports on a bridge than the Linux kernel allows. */
export const tooManyPorts: LabCheck = {
  name: 'too-many-ports',
  code: 'NF2303',
  rank: 20,
  title: 'Too many bridge ports',
  explain: 'A bridge may have 1,000 ports: the kernel rejects the 1,024th.',
  bad: null,
  good: null,
  find: (_topology, lab) => {
    const counts = new Map<string, number>();
    for (const { netns, master } of lab.cables.flatMap(({ ends }) => ends)) {
      if (master) counts.set(`${netns}/${master}`, (counts.get(`${netns}/${master}`) ?? 0) + 1);
    }
    return lab.bridges.flatMap(({ netns, name, label, at }) => {
      const count = counts.get(`${netns}/${name}`) ?? 0;
      if (count <= MOST_PORTS) return [];
      const words = bridgePhrase(netns, label);
      return [
        makeDiagnostic(
          'too-many-ports',
          atKey(at),
          `${words} has ${count.toLocaleString('en')} ports; the limit is ${MOST_PORTS.toLocaleString('en')}`,
          { hint: 'join two bridges by a cable and share the ports between them' },
        ),
      ];
    });
  },
};
