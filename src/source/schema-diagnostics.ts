import type { CheckDoc } from '../model/diagnostics/check-doc.ts';

/** The entry of `unknown-key` in docs/checks.md. */
export const unknownKeyDoc: CheckDoc = {
  name: 'unknown-key',
  code: 'NF1008',
  title: 'Unknown key',
  explain:
    'A key is misspelt, or is not allowed where it stands. The message suggests the key that was probably meant.',
  bad: `
bridges: { lan: { subnett: 10.0.0.0/24 } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24 } }
`,
};

/** The entry of `wrong-type` in docs/checks.md. */
export const wrongTypeDoc: CheckDoc = {
  name: 'wrong-type',
  code: 'NF1009',
  title: 'Wrong type',
  explain: 'A value is text where a map, a list, a number or a boolean is expected, or the reverse.',
  bad: `
namespaces:
  red: { forwarding: "on" }
`,
  good: `
namespaces:
  red: { forwarding: true }
`,
};

/** The entry of `missing-key` in docs/checks.md. */
export const missingKeyDoc: CheckDoc = {
  name: 'missing-key',
  code: 'NF1010',
  title: 'Missing key',
  explain: 'An object lacks a required key.',
  bad: `
namespaces:
  red: { routes: [{ via: 10.0.0.1 }] }
`,
  good: `
namespaces:
  red: { routes: [{ to: 10.9.0.0/16, type: blackhole }] }
`,
};

/** The entry of `bad-value` in docs/checks.md. */
export const badValueDoc: CheckDoc = {
  name: 'bad-value',
  code: 'NF1011',
  title: 'Invalid value',
  explain:
    'A value has the right type, but is out of range, is not one of the choices, or contradicts another value beside it.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 20 } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 1400 } }
`,
};
