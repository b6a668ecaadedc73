/** What package.json says of the program. `homepage`: where its documentation is; left out: it is not published. */
export type PackageInfo = { readonly name: string; readonly version: string; readonly homepage?: string };

/** What `netform --version` prints: `netform/0.1.0 linux-x64 node-v20.19.0`. */
export const versionText = ({ name, version }: PackageInfo): string =>
  `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`;
