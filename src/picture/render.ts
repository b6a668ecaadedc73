import type { AnnotatedPicture } from './model/annotated-picture.ts';
import type { AsciiPaint } from './text/ascii.ts';

/** The formats that a picture is written in. */
export const PICTURE_FORMATS = ['svg', 'mermaid', 'dot', 'html', 'ascii'] as const;
/** A format that a picture is written in. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** A drawing in one of the formats, as the text of a file. */
export async function renderPicture(
  drawing: AnnotatedPicture,
  format: PictureFormat,
  paint: AsciiPaint,
): Promise<string> {
  const { picture } = drawing;
  if (format === 'ascii') return (await import('./text/ascii.ts')).renderAscii(picture, paint);
  if (format === 'mermaid') return (await import('./text/mermaid.ts')).renderMermaid(picture);
  if (format === 'dot') return (await import('./text/dot.ts')).renderDot(picture);
  const { layoutPicture } = await import('./layout/elk-layout.ts');
  const layout = await layoutPicture(picture);
  if (format === 'svg') return (await import('./svg/svg.ts')).renderSvg(layout, drawing);
  return (await import('./page/html.ts')).renderHtml(drawing, layout, { place: 'file' });
}

/** The format that a file's name asks for, else that of the place that it is written to. */
export function pictureFormat(out: string | null, place: 'terminal' | 'pipe'): PictureFormat {
  const [, ending = ''] = /\.([a-z]+)$/.exec(out ?? '') ?? [];
  return ENDINGS[ending] ?? (out === null && place === 'terminal' ? 'ascii' : 'svg');
}

const ENDINGS: { readonly [ending: string]: PictureFormat } = {
  svg: 'svg',
  html: 'html',
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dot: 'dot',
  gv: 'dot',
  txt: 'ascii',
};
