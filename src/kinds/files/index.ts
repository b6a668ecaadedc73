// Written by `npm run generate` from the folders beside this file.
import { conflist } from './conflist/index.ts';
import type { FileKind } from './define-file-kind.ts';

/** Every kind of file, in a folder each. */
export const fileKinds: readonly FileKind[] = [conflist];
