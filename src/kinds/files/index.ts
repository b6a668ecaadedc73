// Written by `npm run generate` from the folders beside this file.

import type { FileKind } from '../define-file-kind.ts';
import { conflist } from './conflist/index.ts';

/** Every kind of file, in a folder each. */
export const fileKinds: readonly FileKind[] = [conflist];
