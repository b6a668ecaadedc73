/** Parts of Node that most commands import and few use; Node takes a millisecond to load each. */
const LATE = [
  ...['child_process', 'crypto', 'fs/promises', 'net', 'os', 'perf_hooks', 'readline', 'readline/promises'],
  ...['stream', 'stream/promises', 'tty', 'v8', 'zlib'],
];

/** A plugin of esbuild: puts a door of getters before each of these parts of Node, so that it is loaded when it is used. */
export const lateModules = (root) => ({
  name: 'late-modules',
  setup(build) {
    const filter = new RegExp(`^(node:)?(${LATE.join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path: path.replace(/^node:/, ''), namespace: 'late' }));
    build.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: door(`process.getBuiltinModule('${path}')`, Object.keys(process.getBuiltinModule(path))),
      resolveDir: root,
    }));
  },
});

/** The text of a module with these exports that evaluates `expression` when one of them is first read. */
export const door = (expression, names) => `
  let part;
  const get = (name) => () => (part ??= ${expression})[name];
  for (const name of ${JSON.stringify(names)})
    Object.defineProperty(exports, name, { enumerable: true, get: get(name) });`;
