import { EXIT, netformError } from '../model/error.ts';
import { escapeControl } from '../model/values/escape-control.ts';
import type { AnnotatedPicture } from './model/annotated-picture.ts';
import type { AsciiPaint } from './text/ascii.ts';

/** The formats that a picture is written in. */
export const PICTURE_FORMATS = ['svg', 'mermaid', 'markdown', 'dot', 'html', 'ascii'] as const;
/** A format that a picture is written in. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** A drawing in one of the formats, as the text of a file. */
export async function renderPicture(
  drawing: AnnotatedPicture,
  format: PictureFormat,
  paint: AsciiPaint,
): Promise<string> {
  const { picture, summary } = drawing;
  if (format === 'ascii') return (await import('./text/ascii.ts')).renderAscii(picture, paint, summary);
  if (format === 'mermaid') return (await import('./text/mermaid.ts')).renderMermaid(picture, summary);
  if (format === 'markdown') return (await import('./text/mermaid.ts')).renderMarkdown(picture, summary);
  if (format === 'dot') return (await import('./text/dot.ts')).renderDot(picture, summary);
  if (format === 'html') return (await import('./page/html.ts')).renderHtml(drawing, { place: 'file' });
  const { layoutPicture } = await import('./layout/elk-layout.ts');
  return (await import('./svg/svg.ts')).renderSvg(await layoutPicture(picture), drawing);
}

/** The format that a file's suffix asks for, or that of the place it is written to. Throws E_OUT on an unknown suffix. */
export function pictureFormat(out: string | null, place: 'terminal' | 'pipe'): PictureFormat {
  if (out === null) return place === 'terminal' ? 'ascii' : 'svg';
  const [suffix] = /\.[^./]+$/.exec(out) ?? [];
  if (suffix === undefined) return 'svg';
  const format = FORMAT_OF_SUFFIX[suffix.toLowerCase()];
  if (format !== undefined) return format;
  const known = Object.keys(FORMAT_OF_SUFFIX).join(' ');
  throw netformError('E_OUT', EXIT.usage, `netform does not draw ${escapeControl(suffix)}; known: ${known}`, {
    hint: `write -o ${escapeControl(out.slice(0, -suffix.length))}.svg, or give --format`,
  });
}

const FORMAT_OF_SUFFIX: { readonly [suffix: string]: PictureFormat | undefined } = {
  '.svg': 'svg',
  '.html': 'html',
  '.md': 'markdown',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.txt': 'ascii',
};
