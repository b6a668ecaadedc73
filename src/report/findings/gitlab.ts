import type { Spec } from '../../model/json.ts';
import { sha256 } from '../../model/values/hash.ts';
import { relativePath } from './file-uri.ts';
import { type Finding, findingText } from './finding.ts';

/**
 * Findings as a code quality report of GitLab, in the format of Code Climate. A fingerprint says whether a finding of
 * another commit is the same one: it holds the text and no line, so that a finding stays the same when it moves.
 */
export function codeQuality(findings: readonly Finding[]): readonly Spec[] {
  const times = new Map<string, number>();
  return findings.map((finding) => {
    const { code, check, severity, file, at } = finding;
    const description = findingText(finding);
    const key = JSON.stringify([code, relativePath(file), finding.message]);
    const nth = times.get(key) ?? 0;
    times.set(key, nth + 1);
    return {
      description,
      check_name: `${code} ${check}`,
      fingerprint: sha256(`${nth} ${key}`),
      severity: severity === 'error' ? 'major' : 'minor',
      location: { path: relativePath(file), lines: { begin: at?.line ?? 1 } },
    };
  });
}
