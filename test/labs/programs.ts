import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';

/** What a program of a namespace gets from a web server; empty when it is refused. */
export async function get(m: Machine, netns: string, url: string): Promise<string> {
  const inside = netns === 'host' ? '' : `ip netns exec ${netns} `;
  const { stdout, code } = await m.sh(`${inside}curl --silent --max-time 5 --globoff '${url}'`);
  // curl(1): 7 is a connection that was refused.
  expect([0, 7], `${netns} asks ${url}`).toContain(code);
  return stdout;
}

/** The number of a program, by its lab and its record: `web web.http`. */
export const pidOf = async (m: Machine, process: string): Promise<string> =>
  (await m.must(`cat /run/netform/labs/${process.replace(' ', '/.processes/')}/main`)).trim();

/** What a lab with programs leaves when it is gone: nothing. */
export async function expectNothingLeft(m: Machine, before: string): Promise<void> {
  expect(await m.snapshot()).toBe(before);
  expect(await m.must('ls -A /run/netform')).toBe('lock\n');
  expect(await m.must('ls -A /var/lib/netform; cat /var/lib/netform/.folders 2>/dev/null || true')).toBe('');
  expect(await m.must('pgrep -fl "[h]ttp.server|[n]cat|[r]unsv" || true')).toBe('');
  const group = "$(sed -n 's/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\) .* - cgroup2 .*/\\2/p' /proc/self/mountinfo | tail -n 1)";
  expect(await m.must(`test -z "${group}" || find "${group}" -name 'netform-????????????????'`)).toBe('');
}
