import { problem } from '../model/diagnostic.ts';
import { atKey } from '../model/place.ts';
import type { LabCheck } from './check.ts';
import { type LabLink, linkKey, linksOf } from './links.ts';
import { inNetnsWords } from './words.ts';

/** Two links of one name in one namespace. */
export const duplicateName: LabCheck = {
  name: 'duplicate-name',
  title: 'One name twice',
  explain:
    'A namespace cannot have two links of one name: a bridge and an interface of a namespace share one set of names.',
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
    const seen = new Map<string, LabLink>();
    return linksOf(lab).flatMap((link) => {
      const first = seen.get(linkKey(link));
      if (!first) {
        seen.set(linkKey(link), link);
        return [];
      }
      return [
        problem('duplicate-name', atKey(link.at), messageFor(link, first), {
          related: [{ at: atKey(first.at), message: 'first used here' }],
          hint: 'rename one of them',
        }),
      ];
    });
  },
};

function messageFor(link: LabLink, first: LabLink): string {
  return `name ${link.name} is already used ${inNetnsWords(link.netns)}, by ${first.words}`;
}
