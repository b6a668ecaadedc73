import { readFileSync } from 'node:fs';

/** Doors of large packages through which only what is used comes in: each saves several milliseconds at every start. */
const DOORS = {
  '@oclif/core': `
    export { Command } from '@oclif/core/command';
    export { Config } from './config';
    export * as Args from '@oclif/core/args';
    export * as Flags from '@oclif/core/flags';
    export class CommandHelp {}
    export class Help {}`,
  // oclif's own reads a manifest and a theme and looks for plugins; src/cli/oclif-config.ts has what commands and help use.
  './config': 'export class Config {}',
  // oclif's templates in help; src/cli/help.ts fills them itself.
  ejs: 'export default { render: (text) => text };',
  // What oclif tells with DEBUG=oclif.
  debug: 'export default () => Object.assign(() => {}, { enabled: false });',
  // Two of the hundred spinners: those that oclif names.
  'cli-spinners': `
    const spinner = (...frames) => ({ interval: 80, frames });
    export default { line: spinner('-', '\\\\', '|', '/'), dots2: spinner('⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷') };`,
};

/** A plugin of esbuild: of oclif only what is used comes in, and a file of it runs when something of it is first used. */
export const leanOclif = (root) => ({
  name: 'lean-oclif',
  setup(build) {
    build.onResolve({ filter: /^(@oclif\/core|\.\/config|debug|ejs|cli-spinners)$/ }, ({ path, importer }) =>
      path === './config' && !/@oclif\/core(\/lib\/command\.js)?$/.test(importer)
        ? null
        : { path: path === '@oclif/core' && importer.endsWith('/cli/help.ts') ? 'help' : path, namespace: 'lean' },
    );
    build.onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({
      contents: path === 'help' ? "export { CommandHelp, Help } from '@oclif/core/help';" : DOORS[path],
      resolveDir: root,
    }));
    build.onLoad({ filter: /\/@oclif\/core\/lib\/.*\.js$/ }, ({ path }) => ({
      contents: withLateImports(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
});

const IMPORT = /^const (\w+) = ((?:__importDefault|__importStar)?\(?require\(["'][^"']+["']\)\)?);$/gm;

/** CommonJS as tsc writes it, whose imports run when they are first used: `x_1.name` becomes `(x_1()).name`. */
function withLateImports(text) {
  const rest = text.replace(IMPORT, '');
  const isNamespace = (name) => !new RegExp(`(?<![\\w.$'"/])${name}(?![\\w.:'"/])`).test(rest);
  const names = new Set([...text.matchAll(IMPORT)].map(([, name]) => name).filter(isNamespace));
  if (names.size === 0) return text;
  const used = new RegExp(`(?<![\\w.$'"/])(${[...names].join('|')})(?=\\.)`, 'g');
  return text
    .split(/^(const .*;)$/m)
    .map((part) => {
      const [, name, value] = new RegExp(IMPORT.source).exec(part) ?? [];
      if (!names.has(name)) return part.replace(used, '($1())');
      return `let ${name}$once; const ${name} = () => (${name}$once ??= ${value});`;
    })
    .join('');
}
