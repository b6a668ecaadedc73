import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../../model/diagnostics/source-location.ts';
import type { Json } from '../../../../model/json.ts';
import { closestMatch } from '../../../../net/closest-match.ts';
import { conflistsOf } from '../entries.ts';
import type { CniShape } from '../plugins/shape.ts';
import { isList, validateConflist } from '../plugins/validate-shape.ts';

/** A value of a conflist that its plugin refuses to read. */
export const cniWrongType: LabCheck = {
  name: 'cni-wrong-type',
  code: 'NF2602',
  title: 'Wrong type for a CNI plugin',
  explain:
    'A key of a conflist has a value of another type than its plugin reads: text instead of a number, a number out of range, a word that is not one of the choices, or ranges that are not nested. The plugin would fail when the first container starts.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, mtu: "1500", ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, mtu: 1500, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  find: (topology) =>
    conflistsOf(topology)
      .flatMap(validateConflist)
      .flatMap((finding) => {
        if (finding.is !== 'type') return [];
        const { key, value, shape, of, at } = finding;
        const where = of.endsWith(` ${key}`) || of.startsWith(`${key} of `) || of === key ? of : `${key} of ${of}`;
        return [
          makeDiagnostic('cni-wrong-type', atValue(at), `${where} is ${valueWords(value)}, not ${shapeWords(shape)}`, {
            hint: hintFor(key, value, shape),
          }),
        ];
      }),
};

function valueWords(value: Json): string {
  if (value === null) return 'empty';
  if (isList(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : `${value}`;
}

function shapeWords(shape: CniShape): string {
  if (shape.is === 'flag') return 'true or false';
  if (shape.is === 'list') return shape.of.is === 'list' ? 'a list of lists' : 'a list';
  if (shape.is === 'map' || shape.is === 'fields') return 'an object';
  if (shape.is === 'number') {
    return shape.most === Number.MAX_SAFE_INTEGER
      ? 'a whole number'
      : `a whole number from ${shape.least} to ${shape.most}`;
  }
  return shape.is === 'text' && shape.choices.length > 0 ? choicesOf(shape.choices) : 'a text';
}

const choicesOf = (choices: readonly string[]): string => choices.filter((choice) => choice !== '').join(' or ');

function hintFor(key: string, value: Json, shape: CniShape): string | null {
  if (shape.is === 'number' && typeof value === 'string' && /^\d+$/.test(value))
    return `write ${key}: ${value}, without quotes`;
  if (shape.is === 'flag' && (value === 'true' || value === 'false')) return `write ${key}: ${value}, without quotes`;
  if (shape.is === 'text' && typeof value === 'string') {
    const meant = closestMatch(value, shape.choices);
    return meant ? `did you mean ${meant}?` : null;
  }
  if (shape.is === 'text' && (typeof value === 'number' || typeof value === 'boolean'))
    return `write ${key}: "${value}"`;
  if (shape.is !== 'list') return null;
  return shape.of.is === 'fields' && key === 'ranges'
    ? 'write a list of lists: ranges: [[{ subnet: 10.22.0.0/16 }]]'
    : `write ${key}: [${typeof value === 'string' ? value : '…'}]`;
}
