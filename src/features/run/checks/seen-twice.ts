import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';

/** A file that another word of the language writes, too. */
export const seenTwice: LabCheck = {
  name: 'seen-twice',
  code: 'NF2702',
  title: 'A file with two contents',
  explain:
    '`files` gives a namespace a file that `dns` writes for it: `/etc/hosts`, with the names of the lab, `/etc/resolv.conf` or `/etc/nsswitch.conf`.',
  bad: `
namespaces:
  red: { files: { /etc/hosts: { content: "10.0.0.9 db" } } }
`,
  good: `
namespaces:
  red: { dns: { names: false }, files: { /etc/hosts: { content: "10.0.0.9 db" } } }
`,
  find: (_topology, { seenFiles }) => {
    const others = new Map(
      seenFiles.filter(({ word }) => word !== 'files').map((one) => [`${one.netns}${one.path}`, one]),
    );
    return seenFiles.flatMap(({ netns, path, word, at }) => {
      const other = word === 'files' ? others.get(`${netns}${path}`) : undefined;
      if (other === undefined) return [];
      const related = [{ at: atKey(other.at), message: `${other.word} of this namespace` }];
      const hint =
        path === '/etc/hosts'
          ? 'write the names under dns: { hosts: … }; with dns: { names: false } and nothing else of dns there is no such file'
          : 'leave one of them out';
      return [
        makeDiagnostic('seen-twice', atKey(at), `${path} is written by ${other.word} already`, { related, hint }),
      ];
    });
  },
};
