import { listPhrase } from '../../../../checks/phrases.ts';
import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../../model/diagnostics/source-location.ts';
import { closestMatch } from '../../../../net/closest-match.ts';
import { conflistsOf } from '../entries.ts';
import { pluginKeyShapes } from '../plugins/plugin-shapes.ts';
import { validateConflist } from '../plugins/validate-shape.ts';

/** A key of a conflist that its plugin does not know, or knows in another letter case. */
export const cniUnknownKey: LabCheck = {
  name: 'cni-unknown-key',
  code: 'NF2601',
  title: 'Unknown key of a CNI plugin',
  explain:
    'CNI plugins ignore keys that they do not know, so a misspelt `isGateway` is silently off. A key that resembles none of the known ones is only a warning, because a newer plugin may have it; so is one in other letter case, which current plugins accept. Plugins that netform does not know may have any keys.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, isGatway: true, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, isGateway: true, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  find: (topology) =>
    conflistsOf(topology)
      .flatMap(validateConflist)
      .flatMap((finding) => {
        if (finding.is !== 'unknown') return [];
        const { key, known, of, at } = finding;
        const meant = meantBy(key, known);
        const sameLetters = meant !== null && meant.toLowerCase() === key.toLowerCase();
        return [
          makeDiagnostic('cni-unknown-key', atKey(at), `${of} has no key ${key}`, {
            severity: meant !== null && !sameLetters ? 'error' : 'warning',
            hint: sameLetters
              ? `write ${meant}`
              : meant
                ? `did you mean ${meant}?`
                : `it is passed on unchanged; the known keys are ${listPhrase(ownFirst(known), 12)}`,
          }),
        ];
      }),
};

/** Keys of three letters resemble too many others. */
const meantBy = (key: string, known: readonly string[]): string | null =>
  closestMatch(
    key,
    known.filter((name) => key.length > 3 || name.toLowerCase() === key.toLowerCase()),
  );

/** The keys of the plugin itself before those that every plugin has. */
const ownFirst = (known: readonly string[]): readonly string[] => [
  ...known.filter((key) => !Object.hasOwn(pluginKeyShapes, key)),
  ...known.filter((key) => Object.hasOwn(pluginKeyShapes, key)),
];
