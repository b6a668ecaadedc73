/** The colours of one background. */
type Palette = { readonly [name in keyof typeof LIGHT]: string };

const LIGHT = {
  paper: '#f6f8fb',
  frame: '#ffffff',
  frameLine: '#c5d0dc',
  ink: '#1b2733',
  soft: '#5a6b7c',
  box: '#ffffff',
  boxLine: '#8396ab',
  head: '#eef3f9',
  hub: '#e6f3ef',
  hubLine: '#4c9a84',
  hubInk: '#17463a',
  nic: '#f1eefb',
  nicLine: '#8f80c9',
  gate: '#fff6e6',
  gateLine: '#b07d22',
  cloud: '#e4ecf6',
  cloudLine: '#8aa3c0',
  wire: '#778a9e',
  added: '#1a7f45',
  addedFill: '#e3f6ea',
  changed: '#9a6200',
  changedFill: '#fff3d6',
  replaced: '#7b3fb5',
  replacedFill: '#f3eafb',
  deleted: '#c0303c',
  deletedFill: '#fdeaea',
  onWord: '#ffffff',
  focus: '#1668d6',
};

const DARK: Palette = {
  paper: '#0e131a',
  frame: '#141b24',
  frameLine: '#33404f',
  ink: '#e6edf4',
  soft: '#9db0c2',
  box: '#1b2430',
  boxLine: '#5c7087',
  head: '#232f3e',
  hub: '#16302b',
  hubLine: '#4fa88f',
  hubInk: '#c9efe3',
  nic: '#262143',
  nicLine: '#8d7fd0',
  gate: '#332814',
  gateLine: '#c0933f',
  cloud: '#1d2938',
  cloudLine: '#5c7897',
  wire: '#71859b',
  added: '#4fd08a',
  addedFill: '#12301f',
  changed: '#f0b64a',
  changedFill: '#362a10',
  replaced: '#c99af5',
  replacedFill: '#2d1d40',
  deleted: '#ff8088',
  deletedFill: '#3a181c',
  onWord: '#0e131a',
  focus: '#6cb0ff',
};

/** The style sheet of a drawing, for a light and a dark background. Without variables, which many viewers of SVG lack. */
export const svgStyle = (): string =>
  `${SHAPES}${paletteRules(LIGHT)}@media (prefers-color-scheme:dark){${paletteRules(DARK)}}`;

/** The colours as custom properties, for the page around the drawing. */
export const pageVariables = (): string =>
  `:root{${variables(LIGHT)}}@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}`;

const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');

const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

const SHAPES = [
  `text{font-family:${SANS}}`,
  `.mono{font-family:${MONO};font-size:12px}.tiny{font-family:${MONO};font-size:12px}`,
  '.heading{font-size:20px;font-weight:650}.title{font-size:14px;font-weight:650}.cardname{font-size:12px;font-weight:650}',
  '.small{font-size:12px}.end{text-anchor:end}.middle{text-anchor:middle}',
  '.line{fill:none;stroke-width:1.6}.line.crowd{stroke-width:3}.line.nat,.line.forward,.line.uplink,.line.overlay{stroke-dasharray:6 4}',
  '.shape{stroke-width:1.3}.is-deleted .shape,.is-missing .shape{stroke-dasharray:5 4}',
  '.is-deleted>.title,.is-deleted>.cardname{text-decoration:line-through}',
].join('');

/** The words of drift look like those of a plan that have the same weight. */
const LOOKS = [
  { look: 'added', words: ['added'] },
  { look: 'changed', words: ['changed', 'drifted'] },
  { look: 'replaced', words: ['replaced', 'foreign'] },
  { look: 'deleted', words: ['deleted', 'missing'] },
] as const;

function paletteRules(colours: Palette): string {
  const words = LOOKS.flatMap(({ look, words }) =>
    words.map((word) => statusRules(word, { ink: colours[look], fill: colours[`${look}Fill`], on: colours.onWord })),
  );
  return [
    `.paper{fill:${colours.paper}}.frame{fill:${colours.frame};stroke:${colours.frameLine}}`,
    `text{fill:${colours.ink}}.soft{fill:${colours.soft}}`,
    `.box>.shape,.card>.shape{fill:${colours.box};stroke:${colours.boxLine}}.box>.head{fill:${colours.head}}`,
    `.rule{stroke:${colours.frameLine}}`,
    `.hub>.shape{fill:${colours.hub};stroke:${colours.hubLine}}.hub>.title{fill:${colours.hubInk}}`,
    `.hub>.icon{stroke:${colours.hubLine};fill:none;stroke-width:1.6}`,
    `.nic>.shape{fill:${colours.nic};stroke:${colours.nicLine}}.nic>.icon{fill:${colours.nicLine}}`,
    `.gate>.shape{fill:${colours.gate};stroke:${colours.gateLine}}`,
    `.cloud>.shape{fill:${colours.cloud};stroke:${colours.cloudLine}}`,
    `.crowd>.shape{fill:${colours.head};stroke:${colours.frameLine}}`,
    `.line{stroke:${colours.wire}}.joint,.arrow,.port{fill:${colours.wire}}`,
    `.line.nat,.line.forward{stroke:${colours.gateLine}}.arrow.nat,.arrow.forward,.joint.nat,.joint.forward{fill:${colours.gateLine}}`,
    `.halo{stroke:${colours.frame};stroke-width:5;paint-order:stroke;stroke-linejoin:round}`,
    `.tag{fill:${colours.frame};stroke:${colours.frameLine}}`,
    ...words,
  ].join('');
}

function statusRules(word: string, { ink, fill, on }: { ink: string; fill: string; on: string }): string {
  return [
    `.is-${word}>.shape{stroke:${ink};fill:${fill};stroke-width:2}.is-${word}>.head{fill:${fill}}`,
    `.line.is-${word}{stroke:${ink};stroke-width:2.4}.arrow.is-${word}{fill:${ink}}.badge.${word}{fill:${ink}}.on-badge{fill:${on}}`,
    `.row.is-${word}>text{fill:${ink}}.row.is-${word}>.mono:first-of-type{font-weight:700}.legend.${word}{fill:${ink}}`,
  ].join('');
}
