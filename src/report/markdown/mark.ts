import { fileUri } from '../findings/file-uri.ts';
import { clipBytes } from './escape.ts';

/** A line that is not shown, by which the next run finds its comment to replace it: one per topology. */
export const commentMark = (file: string): string => `<!-- netform plan ${clipBytes(fileUri(file), MAX_BYTES)} -->`;

const MAX_BYTES = 200;
