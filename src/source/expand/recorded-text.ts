import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { sha256 } from '../../model/values/hash.ts';
import type { TopologyLoadResult } from '../load.ts';
import { printTopology } from '../print-yaml.ts';

/**
 * The topology as a record keeps it: as it is written where it has no secret, else everything written out, without
 * comments, variables and anchors, and with a digest in the place of each secret.
 */
export function recordedText({ rendered, expanded }: Pick<TopologyLoadResult, 'rendered' | 'expanded'>): string {
  if (expanded === null || secretsIn(expanded).length === 0) return rendered;
  return printTopology(mapSecrets(expanded, [], (text) => `sha256:${sha256(text)}`) as Spec, []);
}

/** The secrets that stand in a topology itself: texts of files, which may be some, and values whose names say so. */
export function secretsIn(expanded: Spec): readonly { readonly text: string; readonly isNamed: boolean }[] {
  const found: { readonly text: string; readonly isNamed: boolean }[] = [];
  mapSecrets(expanded, [], (text, path) => {
    found.push({ text, isNamed: path.at(-2) === 'env' });
    return text;
  });
  return found;
}

type SecretMap = (text: string, path: readonly string[]) => string;

function mapSecrets(value: Json, path: readonly string[], map: SecretMap): Json {
  if (Array.isArray(value)) return value.map((item) => mapSecrets(item, [...path, '*'], map));
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, mapSecrets(inner, [...path, key], map)]),
    );
  return value !== null && isSecretPlace(path) ? map(String(value), path) : value;
}

/** `namespaces.red.files./etc/app.conf.content`, `….config.content` of a server, `….run.app.env.DB_PASSWORD`. */
function isSecretPlace(path: readonly string[]): boolean {
  const [name = '', parent, above, top] = path.toReversed();
  if (name === 'content') return parent === 'config' || (path[0] === 'namespaces' && path[2] === 'files');
  return parent === 'env' && above !== undefined && top === 'run' && isSecretName(name);
}

/** Whether the value of an environment variable of this name is a secret: it is never shown, and recorded by its digest only. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

const SECRET_NAME =
  /PASS(?:WORD|WD|PHRASE)?(?:_|$)|SECRET|TOKEN|CREDENTIAL|(?:^|_)(?:API|PRIVATE|ACCESS|AUTH)_?KEY|_PWD$/i;
