import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

/** Who a package is of. There is no address to write to. */
export const MAINTAINER = 'netform contributors <netform@netform.invalid>';

/** changelog.Debian: one entry, for the version that is made, of seconds since 1970. */
export function debianChangelog(version, time) {
  const date = new Date(time * 1000).toUTCString().replace('GMT', '+0000');
  return [
    `netform (${version}) unstable; urgency=medium`,
    '',
    '  * What changed is in changelog.gz.',
    '',
    ` -- ${MAINTAINER}  ${date}`,
    '',
  ].join('\n');
}

/** In the format of https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/. */
export function copyright() {
  const koffi = readFileSync(join(root, 'node_modules', 'koffi', 'LICENSE.txt'), 'utf8');
  const elk = JSON.parse(readFileSync(join(root, 'node_modules', 'elkjs', 'package.json'), 'utf8'));
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: netform
Comment: The licences of the packages of npm in the bundle are in
 /usr/lib/netform/dist/LICENSES.txt, those of the others beside them in
 /usr/lib/netform/node_modules.

Files: *
Copyright: the contributors of netform
License: Apache-2.0
 On Debian systems the text of the licence is in
 /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/netform/node_modules/koffi/* usr/lib/netform/node_modules/@koromix/*
Copyright: Niels Martignène
License: Expat
${indented(koffi)}

Files: usr/lib/netform/node_modules/elkjs/*
Copyright: ${elk.author.name} and others
License: ${elk.license}
 The text of the licence is in
 /usr/lib/netform/node_modules/elkjs/LICENSE.md; that of the GPL is in
 /usr/share/common-licenses/GPL-3.
`;
}

/** As a paragraph of a field: a line without text is a dot. */
const indented = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => ` ${line.trim() || '.'}`)
    .join('\n');
