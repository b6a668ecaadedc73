import { existsSync } from 'node:fs';
import { type LabPart, lanEnds, pick } from './part.ts';

/** Whether the machine has the default engine. */
export const hasDnsmasq = (): boolean => existsSync('/usr/sbin/dnsmasq');

/** One or two DNS servers, on LANs of the lab where it has some: zones, the names of the lab, forwards; sometimes one with its own configuration. */
export const dnsServers: LabPart = {
  name: 'dns servers',
  add: (lab, dice) => {
    const onLan = lanEnds(lab).map(({ netns }) => netns);
    const all = onLan.length > 0 ? onLan : Object.keys(lab.namespaces);
    const names = [...new Set([pick(dice, all), pick(dice, all)])].flatMap((one) => one ?? []);
    for (const netns of names) {
      const records = dice.one([
        ['web A 10.66.0.1', 'web AAAA fd00:66::1', 'www CNAME web'],
        ['@ MX 10 mail', 'mail A 10.66.0.2', 'txt TXT one'],
        ['*.dev A 10.66.0.3'],
      ]);
      const forward = dice.often(30)
        ? { forward: dice.one<unknown>([['192.0.2.53'], [{ zone: 'corp.test', to: '192.0.2.54' }]]) }
        : {};
      Object.assign(lab.namespaces[netns] ?? {}, {
        dnsServer: { zones: { 'lab.test': { records } }, ...(dice.often(60) ? { names: true } : {}), ...forward },
      });
    }
    return names.length > 0;
  },
};
