import type { Property } from '../property.ts';
import { changed, destroyed, made } from './made.ts';
import { malformed, malformedRun } from './malformed.ts';
import { refused } from './refused.ts';

/** All of them, in the order of the page. */
export const properties: readonly Property[] = [made, changed, destroyed, refused, malformed, malformedRun];
