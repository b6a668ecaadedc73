import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { inNetnsPhrase } from '../phrases.ts';
import { type LinkSummary, linkSummaries, linkSummaryKey } from './link-summaries.ts';

/** Two links of one name in one namespace. */
export const duplicateName: LabCheck = {
  name: 'duplicate-name',
  code: 'NF2102',
  rank: 30,
  title: 'Duplicate link name',
  explain:
    'A namespace cannot have two links of the same name: bridges and interfaces of a namespace share one set of names.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    bridges: { sw0: {} }
    interfaces: { sw0: { bridge: lan } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    bridges: { sw0: {} }
    interfaces: { eth0: { bridge: lan } }
`,
  find: (_topology, lab) => {
    const seen = new Map<string, LinkSummary>();
    return linkSummaries(lab).flatMap((link) => {
      const first = seen.get(linkSummaryKey(link));
      if (!first) {
        seen.set(linkSummaryKey(link), link);
        return [];
      }
      return [
        makeDiagnostic('duplicate-name', atKey(link.at), messageFor(link, first), {
          related: [{ at: atKey(first.at), message: 'first used here' }],
          hint: 'rename one of them',
        }),
      ];
    });
  },
};

function messageFor(link: LinkSummary, first: LinkSummary): string {
  return `name ${link.name} is already used ${inNetnsPhrase(link.netns)}, by ${first.words}`;
}
