import { expect } from 'vitest';
import type { Machine } from '../../support/machine.ts';
import { repository } from '../../support/machine.ts';

export type JsonFinding = {
  readonly name: string;
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly breaks: string;
  readonly where: string;
  readonly remedy: readonly string[];
  readonly fixable: boolean;
};

/** What doctor finds; its exit code must say so. */
export async function doctor(m: Machine, args: readonly string[] = []): Promise<readonly JsonFinding[]> {
  const { code, stdout, stderr } = await m.netform(['doctor', ...args, '--json']);
  const { findings = [] }: { readonly findings?: readonly JsonFinding[] } = JSON.parse(stdout);
  expect(code, stdout + stderr).toBe(findings.length > 0 ? 6 : 0);
  return findings;
}

/** Expects a finding of that name, once, and gives it. */
export async function expectFinding(m: Machine, name: string, args: readonly string[] = []): Promise<JsonFinding> {
  const found = await doctor(m, args);
  const [one, ...more] = found.filter((each) => each.name === name);
  if (one === undefined) throw new Error(`no ${name} among ${JSON.stringify(found, null, 1)}`);
  expect(more).toEqual([]);
  for (const text of [one.what, one.breaks, one.where]) expect(text).not.toBe('');
  return one;
}

/** Types the remedy of a finding, and expects that the finding is gone. */
export async function expectRemedy(m: Machine, finding: JsonFinding, args: readonly string[] = []): Promise<void> {
  const shim = `#!/bin/sh\nexec ${process.execPath} ${repository}bin/run.js "$@"\n`;
  await m.must('mkdir -p /run/bin && cat >/run/bin/netform && chmod 755 /run/bin/netform', { input: shim });
  await m.must(`PATH=/run/bin:$PATH\nset -e\n${finding.remedy.join('\n')}`);
  const left = await doctor(m, args);
  expect(left.filter(({ name, where }) => name === finding.name && where === finding.where)).toEqual([]);
}
