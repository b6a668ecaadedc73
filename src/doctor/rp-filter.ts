import { hasAsymmetricRouting } from '../firewall/asymmetric-routing.ts';
import type { DiagnosisContext, DoctorRule } from './rule.ts';

/** Strict reverse path filtering on this machine. */
export const strictRpFilterRule: DoctorRule = {
  name: 'strict-rp-filter',
  title: 'Reverse path filtering is strict',
  explain:
    'With `rp_filter` at 1 the kernel drops, without a word, a packet that came in by another link than the one by which it would answer. Labs with two ways between the same places (a host with two links, several next hops) need 2 (loose) or 0. What counts is the larger one of `conf.all` and that of the link, so 2 at `all` is enough.',
  find: (facts) => {
    const strict = strictLinks(facts);
    if (strict.length === 0) return [];
    const broken = facts.labs.filter(hasAsymmetricRouting).map(({ name }) => name);
    return [
      {
        severity: broken.length > 0 ? 'error' : 'warning',
        what: `reverse path filtering is strict on ${strict.join(', ')}`,
        breaks:
          broken.length > 0
            ? `answers of the lab ${broken.join(', ')} that come back another way are dropped`
            : 'answers that come back another way than the question went are dropped',
        where: strict.map((link) => `net.ipv4.conf.${link}.rp_filter`).join(', '),
        remedy: ['sysctl -w net.ipv4.conf.all.rp_filter=2'],
        fix: null,
      },
    ];
  },
};

/** `default` is what links get that are yet to be made. */
function strictLinks({ live, labs }: DiagnosisContext): readonly string[] {
  const filters = live.get({ need: 'device-sysctls', netns: 'host', key: 'net/ipv4/conf/*/rp_filter' });
  const values = [...(filters ?? [])].flatMap(([key, value]) => {
    const link = /^net\/ipv4\/conf\/([^/]+)\/rp_filter$/.exec(key)?.[1];
    return link === undefined ? [] : [{ link, value: Number(value) }];
  });
  const all = values.find(({ link }) => link === 'all')?.value ?? 0;
  const ours = new Set(
    labs.flatMap(({ addresses }) => addresses.filter(({ netns }) => netns === 'host').map(({ dev }) => dev)),
  );
  return values
    .filter(({ link }) => link === 'all' || link === 'default' || ours.has(link))
    .filter(({ value }) => Math.max(value, all) === 1)
    .map(({ link }) => link);
}
