/** What `netform --version` prints. */
export const versionText = ({ name, version }: { readonly name: string; readonly version: string }): string =>
  `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`;
