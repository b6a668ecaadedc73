import { join } from 'node:path';
import { door } from './late-modules.mjs';

/**
 * A plugin of esbuild: what few starts need is a script of its own, which is loaded when something of it is first used
 * (`part:` in src/entries/bundle.ts).
 */
export const parts = (root, folder) => ({
  name: 'parts',
  setup(build) {
    build.onResolve({ filter: /^listr2$/ }, ({ kind, path }) =>
      kind === 'entry-point' ? null : { path, namespace: 'part' },
    );
    build.onLoad({ filter: /./, namespace: 'part' }, () => ({
      contents: door("require('part:dialog')", ['Listr', 'ListrEventType', 'Spinner']),
      resolveDir: root,
    }));
    // The schema comes in as the functions that scripts/compile-schema.mjs made of it.
    build.onLoad({ filter: /\/source\/compile-validator\.ts$/ }, () => ({
      contents: `
        export const compileSchema = () => {
          const isTopology = require(${JSON.stringify(join(folder, 'is-topology.cjs'))});
          let validate;
          return (value) => {
            if (isTopology(value)) return [];
            validate ??= require('part:topology-errors');
            return validate(value) ? [] : validate.errors;
          };
        };`,
      resolveDir: root,
    }));
  },
});
