import type { Paint } from './ascii.ts';
import type { Drawing } from './drawing.ts';

export const FORMATS = ['svg', 'mermaid', 'dot', 'html', 'ascii'] as const;
export type Format = (typeof FORMATS)[number];

/** A drawing in one of the formats, as the text of a file. */
export async function render(drawing: Drawing, format: Format, paint: Paint): Promise<string> {
  const { picture } = drawing;
  if (format === 'ascii') return (await import('./ascii.ts')).asciiOf(picture, paint);
  if (format === 'mermaid') return (await import('./mermaid.ts')).mermaidOf(picture);
  if (format === 'dot') return (await import('./dot.ts')).dotOf(picture);
  const { layoutOf } = await import('./layout.ts');
  const layout = await layoutOf(picture);
  if (format === 'svg') return (await import('./svg.ts')).svgOf(layout, drawing);
  return (await import('./html.ts')).htmlOf(drawing, layout, { place: 'file' });
}

/** The format that a file's name asks for, else that of the place that it is written to. */
export function formatFor(out: string | null, place: 'terminal' | 'pipe'): Format {
  const [, ending = ''] = /\.([a-z]+)$/.exec(out ?? '') ?? [];
  return ENDINGS[ending] ?? (out === null && place === 'terminal' ? 'ascii' : 'svg');
}

const ENDINGS: { readonly [ending: string]: Format } = {
  svg: 'svg',
  html: 'html',
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dot: 'dot',
  gv: 'dot',
  txt: 'ascii',
};
