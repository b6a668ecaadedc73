import { buildWhereOlder, DIST } from '../test/support/built.ts';

/** Builds what is shipped and the build with faults, where the sources are newer. */
export default function build(): void {
  buildWhereOlder(DIST);
  buildWhereOlder({ folder: 'dist-faults', options: ['--faults'], sources: ['src', 'campaign', 'test/support'] });
}
