import { readFileSync } from 'node:fs';
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
        export const compileSchema = (name) => {
          if (name !== 'topology') {
            const validate = require('part:' + name + '-errors');
            return (value) => validate(value) ? [] : validate.errors;
          }
          const isTopology = require('schema:is-topology');
          let validate;
          return (value) => {
            if (isTopology(value)) return [];
            validate ??= require('part:topology-errors');
            return validate(value) ? [] : validate.errors;
          };
        };`,
      resolveDir: root,
    }));
    // By a name of its own: the name of the folder, which is another one at each build, would be in the bundle.
    build.onResolve({ filter: /^schema:/ }, ({ path }) => ({
      path: path.slice('schema:'.length),
      namespace: 'schema',
    }));
    build.onLoad({ filter: /./, namespace: 'schema' }, ({ path }) => ({
      contents: readFileSync(join(folder, `${path}.cjs`), 'utf8'),
      resolveDir: root,
    }));
  },
});
