import { byteLength, clipBytes, codeSpan } from './escape.ts';
import { commentMark } from './mark.ts';
import { createMarkdownPage } from './page.ts';

/** The mistakes of a topology as a comment on a merge request, in place of a plan. `findings`: as lines. */
export function refusalMarkdown(file: string, findings: readonly string[], maxBytes: number): string {
  const name = codeSpan(clipBytes(file, MAX_FILE_BYTES));
  const head = `${commentMark(file)}\n### netform plan: ${name} cannot be applied\n`;
  const page = createMarkdownPage(maxBytes - byteLength(head));
  page.addBlock(findings, { before: '', after: '', language: 'text' });
  return `${head}${page.text()}`;
}

const MAX_FILE_BYTES = 200;
