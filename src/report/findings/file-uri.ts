import { normalize } from 'node:path/posix';

/** A file as a repository names it: `./labs/../lab.yaml` is `lab.yaml`. An absolute path stays one. */
export const relativePath = (file: string): string => normalize(file);

/** A file as a URI: relative where its path is, with `%20` for a space. */
export function fileUri(file: string): string {
  const path = relativePath(file).split('/').map(encodePart).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}

/** As encodeURIComponent, which throws on half of a surrogate pair. */
const encodePart = (part: string): string => encodeURIComponent(part.replace(/[\ud800-\udfff]/gu, '\ufffd'));
