import type { Machine } from './machine.ts';

/** What `netform capture` prints of the packets of an interface in the time of `body`; it listens before that begins. */
export async function captured(
  m: Machine,
  { netns, dev, filter = [] }: { readonly netns: string; readonly dev: string; readonly filter?: readonly string[] },
  body: () => Promise<unknown>,
): Promise<string> {
  const sockets = `$(ip netns exec ${netns} ss -H0 | wc -l)`;
  const before = (await m.must(`echo ${sockets}`)).trim();
  const capture = m.netform(['capture', `${netns}:${dev}`, '--text', ...filter]);
  await m.must(`for n in $(seq 300); do [ ${sockets} -gt ${before} ] && exit 0; sleep 0.1; done; exit 1`);
  await body();
  await m.must(`sleep 0.3; pkill -INT -f "[c]apture ${netns}:${dev} "`);
  return (await capture).stdout;
}
