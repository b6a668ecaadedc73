import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../../src/model/operation.ts';
import type { PlanView } from '../../../src/model/results/plan-view.ts';
import { escapeControl } from '../../../src/model/values/escape-control.ts';
import { terraformReport } from '../../../src/report/json/terraform.ts';
import { codeBlock, codeSpan } from '../../../src/report/markdown/escape.ts';
import { planMarkdown } from '../../../src/report/markdown/plan.ts';
import { refusalMarkdown } from '../../../src/report/markdown/refusal.ts';
import { type PlanCase, viewOfCase } from '../../support/plan-case.ts';

const OPTIONS = { findings: [], netform: '0.1.0', isFull: false, maxBytes: 60_000 };
const LAB = `version: 1
name: shop
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
  blue: { interfaces: { eth0: { bridge: lan } } }
`;

async function viewOf(topology: string, more: Partial<PlanCase> = {}): Promise<PlanView> {
  const view = await viewOfCase({ topology, applied: null, live: {}, ...more });
  if (typeof view === 'string') throw new Error(view);
  return view;
}

const stable = (text: string): string => text.replace(/[0-9a-f]{64}/g, '…').replace(/ on `.*`$/m, ' on `vm`');

test('counts, then risks with the lines that ask for them, then a fold per namespace', async () => {
  const less = LAB.replace(/ {2}blue.*\n/, '').replace('10.0.0.0/24', '{ subnet: 10.0.0.0/24, mtu: 1400 }');
  const view = await viewOf(less, { applied: LAB });
  expect(
    stable(planMarkdown(view, { ...OPTIONS, findings: ['lab.yaml:1:1: warning: x [NF0]'] })),
  ).toMatchInlineSnapshot(`
    "<!-- netform plan topology.yaml -->
    ### netform plan: lab \`shop\`

    | add | change | replace | delete | by hand | adopt | unmanaged |
    | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | 0 | 3 | 0 | 4 | 0 | 0 | 0 |

    **Look at these first**

    - **Namespaces are deleted or replaced, with everything in them**: \`netns:blue\`
    - **Connections are lost**: \`address:blue/eth0\`, \`veth:blue/eth0\`, \`netns:blue\`

    \`\`\`text
    lab.yaml:1:1: warning: x [NF0]
    \`\`\`

    <details open><summary><code>host</code>: 1 line</summary>

    \`\`\`diff
    ~ bridge   lan   mtu 1500 → 1400
    \`\`\`

    </details>

    <details open><summary><code>red</code>: 2 lines</summary>

    \`\`\`diff
    ~ veth   eth0         mtu 1500 → 1400
    ~ file   /etc/hosts   - 10.0.0.2 blue
    \`\`\`

    </details>

    <details open><summary><code>blue</code>: 4 lines</summary>

    \`\`\`diff
    - netns
    - veth      eth0         to lan
    - address   eth0         10.0.0.2/24, deleted with veth eth0
    - file      /etc/hosts
    \`\`\`

    </details>

    <sub>plan …, topology …, netform 0.1.0</sub> on \`vm\`
    "
  `);
});

test('a topology with mistakes is a comment, too', () => {
  expect(refusalMarkdown('a`b.yaml', ['a`b.yaml:1:1: unknown key "```" [NF1008]'], 1000)).toMatchInlineSnapshot(`
    "<!-- netform plan a%60b.yaml -->
    ### netform plan: \`\`a\`b.yaml\`\` cannot be applied

    \`\`\`\`text
    a\`b.yaml:1:1: unknown key "\`\`\`" [NF1008]
    \`\`\`\`
    "
  `);
  const long = refusalMarkdown('lab.yaml', Array<string>(1000).fill('lab.yaml:1:1: x [NF1]'), 1000);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(1000);
  expect(long).toMatch(/… and 9\d\d more\n```\n$/);
});

test('the same file on the same machine gives the same text; nothing to do is said', async () => {
  const [one, other] = [await viewOf(LAB, { applied: LAB }), await viewOf(LAB, { applied: LAB })];
  expect(planMarkdown(one, OPTIONS)).toBe(planMarkdown(other, OPTIONS));
  expect(planMarkdown(one, OPTIONS)).toContain('\nNothing to do.\n');
});

/** Everything that ends a fence, a span or an element, is a mention or a command of the service, or moves the text. */
const PARTS = [
  '`',
  '```',
  '~~~',
  '</summary>',
  '<!--',
  '-->',
  '@all',
  '/close',
  '|',
  '\n',
  '\u202e',
  'é',
  '𝄞',
  'x',
  ' ',
];
const hostile = fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join(''));

const operation = fc.record({ name: hostile, netns: hostile, text: hostile, isDelete: fc.boolean() });

const toView = (base: PlanView, all: readonly { name: string; netns: string; text: string; isDelete: boolean }[]) => ({
  ...base,
  file: all[0]?.text ?? 'lab.yaml',
  described: all.map(({ name, netns, text, isDelete }, i) => ({
    operation: {
      ...(base.described[0]?.operation as Operation),
      ...{ id: `veth:${i}${name}`, netns, action: isDelete ? ('delete' as const) : ('create' as const) },
    },
    lines: [{ sign: isDelete ? ('-' as const) : ('+' as const), netns, noun: 'veth', name, text }],
    disrupts: isDelete ? ('connections-lost' as const) : ('none' as const),
  })),
});

test('it is never longer than it may be, and counts every line that it leaves out', async () => {
  const base = await viewOf(LAB);
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.integer({ min: 1000, max: 9000 }),
      hostile.map(escapeControl),
      (all, maxBytes, finding) => {
        const text = planMarkdown(toView(base, all), { ...OPTIONS, maxBytes, isFull: true, findings: [finding] });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        const shown = [...text.matchAll(/^[+-] veth/gm)].length;
        const left = Number(/^And (\d+) more lines?: /m.exec(text)?.[1] ?? 0);
        expect(shown + left).toBe(all.length);
      },
    ),
    { numRuns: 150 },
  );
});

test('what a plan says is text in a fence, a span or an element, and never ends it', async () => {
  const base = await viewOf(LAB);
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 8 }), hostile.map(escapeControl), (all, finding) => {
      const text = planMarkdown(toView(base, all), { ...OPTIONS, findings: [finding] });
      const plain = withoutCode(text.replace(/^<!-- [^>]* -->\n/, ''));
      expect(plain).not.toMatch(/@all|\/close|\u202e|~~~|`/);
      expect(plain.match(/<\/summary>/g)?.length ?? 0).toBe(plain.match(/<summary>/g)?.length ?? 0);
      expect(plain).not.toContain('<!--');
    }),
    { numRuns: 150 },
  );
});

/** A page without its fenced blocks, spans of code and `<code>`, each found as CommonMark finds it. */
function withoutCode(page: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of page.split('\n')) {
    const ticks = /^(`{3,})[^`]*$/.exec(line)?.[1] ?? null;
    if (fence !== null) fence = ticks !== null && ticks.length >= fence.length && line === ticks ? null : fence;
    else if (ticks === null) lines.push(line);
    else fence = ticks;
  }
  expect(fence).toBe(null);
  return lines
    .join('\n')
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
    .replace(/<code>[^<]*<\/code>/g, '');
}

test('a span and a block have more backticks than what is in them', () => {
  expect(codeSpan('a')).toBe('`a`');
  expect(codeSpan('a``b')).toBe('```a``b```');
  expect(codeSpan('`')).toBe('`` ` ``');
  expect(codeBlock(['a', '````'], 'diff')).toBe('`````diff\na\n````\n`````');
});

test('of GitLab: a replace is a delete and a create, and what is pruned is a delete', async () => {
  const view = await viewOf(LAB);
  const [first] = view.described;
  if (first === undefined) throw new Error('an empty plan');
  const described = (['create', 'update', 'replace', 'replace', 'delete'] as const).map((action) => ({
    ...first,
    operation: { ...first.operation, action },
  }));
  const extras = [{ netns: 'red', noun: 'route', name: 'x', text: '' }];
  expect(terraformReport({ ...view, described, extras })).toEqual({ create: 3, update: 1, delete: 3 });
  expect(terraformReport({ ...view, described, extras, fate: 'pruned' })).toEqual({ create: 3, update: 1, delete: 4 });
});
