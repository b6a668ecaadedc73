import { escapeControl } from '../../model/values/escape-control.ts';
import { type ChangeStatus, type Picture, pictureStatuses, statusText } from '../model/picture.ts';
import { boxTexts, gateTexts, hubTexts, nicTexts, textEdges } from './part-labels.ts';

/** A Mermaid flowchart, for Markdown pages that draw such: GitHub, GitLab and many editors. */
export function renderMermaid(picture: Picture, summary = ''): string {
  const { host, boxes, switches, nics, gates, outside } = picture;
  const keys = new Map([host, ...boxes, ...switches, ...nics, ...gates].map(({ id }, i) => [id, `n${i}`]));
  const keyOf = (id: string | null): string => (id === null ? 'outside' : (keys.get(id) ?? 'outside'));
  const classes: string[] = [];
  const node = (
    id: string,
    [open, close]: readonly [string, string],
    texts: readonly string[],
    word: ChangeStatus | null,
  ) => {
    if (word !== null) classes.push(`  class ${keyOf(id)} ${word}`);
    const sign = word === null ? [] : [statusText(word)];
    return `${keyOf(id)}${open}${mermaidString([...texts, ...sign])}${close}`;
  };
  const hubs = (place: string) =>
    switches.filter((one) => one.place === place).map((one) => node(one.id, ['[[', ']]'], hubTexts(one), one.word));
  const inHost = [
    ...gates.map((gate) => node(gate.id, ['>', ']'], gateTexts(gate), gate.word)),
    ...nics.map((nic) => node(nic.id, ['[/', '/]'], nicTexts(nic), nic.word)),
    ...hubs('host'),
    ...boxes.flatMap((box) => {
      const inner = hubs(box.id);
      const own = node(box.id, ['[', ']'], boxTexts(box), box.word);
      if (inner.length === 0) return [own];
      return [
        `subgraph ${keyOf(box.id)}s[${mermaidString([box.name])}]`,
        ...[DIRECTION, own, ...inner].map((line) => `  ${line}`),
        'end',
      ];
    }),
  ];
  const edges = textEdges(picture).map(({ from, to, label, arrow }) => {
    const line = { none: '---', solid: '-->', dashed: '-.->', overlay: '-.-' }[arrow];
    return `  ${keyOf(from)} ${line}${label === '' ? '' : `|${mermaidString([label])}|`} ${keyOf(to)}`;
  });
  const lines = [
    ...HEAD,
    ...(summary === '' ? [] : [`  %% ${escapeControl(summary)}`]),
    ...(outside ? ['  outside(("outside"))'] : []),
    `  subgraph ${keyOf(host.id)}[${mermaidString(boxTexts(host))}]`,
    ...[DIRECTION, ...inHost].map((line) => `    ${line}`),
    '  end',
    ...edges,
    ...pictureStatuses(picture).map((word) => `  classDef ${word} ${LOOKS[word]}`),
    ...classes,
  ];
  return `${lines.join('\n')}\n`;
}

/** The Mermaid flowchart in a fenced block, for a Markdown page. No backquote can end the block. */
export const renderMarkdown = (picture: Picture, summary = ''): string =>
  `\`\`\`mermaid\n${renderMermaid(picture, summary).replaceAll('`', "'")}\`\`\`\n`;

/** Why Mermaid would not draw it; null: it does. A page that shows Mermaid may set other limits, what it shows may not. */
export function mermaidLimitExceeded(picture: Picture, text: string): string | null {
  const lines = textEdges(picture).length;
  if (lines > MOST_LINES) return `Mermaid draws no more than ${MOST_LINES} lines, and this picture has ${lines}`;
  if (text.length > MOST_CHARACTERS)
    return `Mermaid reads no more than ${MOST_CHARACTERS} characters, and these are ${text.length}`;
  return null;
}

// Its settings maxEdges and maxTextSize.
const MOST_LINES = 500;
const MOST_CHARACTERS = 50_000;

/** Mermaid breaks lines at 200 pixels unless told otherwise, which two addresses do not fit in. */
const HEAD = ['---', 'config: { flowchart: { wrappingWidth: 600 } }', '---', 'flowchart LR'];

/** Mermaid turns what is in a subgraph by a right angle, unless something in it leads out or this is said. */
const DIRECTION = 'direction LR';

const LOOKS: { readonly [word in ChangeStatus]: string } = {
  added: 'stroke:#1a7f45,stroke-width:3px',
  changed: 'stroke:#9a6200,stroke-width:3px',
  replaced: 'stroke:#7b3fb5,stroke-width:3px',
  deleted: 'stroke:#c0303c,stroke-width:3px,stroke-dasharray:6 4',
  drifted: 'stroke:#9a6200,stroke-width:3px',
  missing: 'stroke:#c0303c,stroke-width:3px,stroke-dasharray:6 4',
  foreign: 'stroke:#7b3fb5,stroke-width:3px',
};

/** What Mermaid, or the HTML and the Markdown that it takes texts for, could take for its own is written as its character's number. */
const mermaidString = (texts: readonly string[]): string =>
  `"${texts.map((text) => escapeControl(text).replace(/[^\p{L}\p{N} .,:/→…+~±≠!?-]|^[-+]/gu, characterReference)).join('<br/>')}"`;

const characterReference = (character: string): string => `#${character.codePointAt(0)};`;
