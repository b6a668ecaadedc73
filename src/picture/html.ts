import type { Drawing } from './drawing.ts';
import type { Layout } from './layout.ts';
import { svgOf } from './svg.ts';

/** The page. */
export const htmlOf = (drawing: Drawing, layout: Layout): string => svgOf(layout, drawing);
