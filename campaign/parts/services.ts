import { type DraftLab, type LabPart, pick } from './part.ts';

/** The values of the label `app` that namespaces get. */
export const APPS = ['web', 'db', 'api'] as const;

/** Labels of a namespace by chance, the same for each part of one lab. */
export function addLabels(lab: DraftLab): void {
  for (const [nth, netns] of Object.values(lab.namespaces).entries()) {
    if (nth % 4 !== 3) Object.assign(netns, { labels: { app: APPS[nth % APPS.length] } });
  }
}

/** Services by name, by label and by address, with and without addresses of their own; the machine translates, and sometimes namespaces. */
export const services: LabPart = {
  name: 'services',
  add: (lab, dice) => {
    const names = Object.keys(lab.namespaces);
    if (names.length === 0) return false;
    addLabels(lab);
    const all = Array.from({ length: 1 + dice.below(3) }, (_, nth) => {
      const to = dice.one<unknown>([{ app: dice.one(APPS) }, pick(dice, names), ['192.0.2.80', '2001:db8::80'], null]);
      const words = dice.one<object>([
        {},
        { clusterIP: 'none' },
        { sessionAffinity: 'clientIP' },
        { internalTrafficPolicy: 'local' },
        { externalIPs: [`203.0.113.${nth + 1}`], externalTrafficPolicy: dice.one(['local', 'cluster']) },
      ]);
      const nodes = dice.often(30) ? ['host', pick(dice, names)] : 'host';
      const port = dice.one<unknown>([{ http: '80:7001' }, { dns: '53/udp' }, { sql: 5432 }]);
      return [`svc-${nth + 1}`, { ...(to === null ? {} : { to }), ports: port, nodes, ...words }] as const;
    });
    Object.assign(lab, { services: Object.fromEntries(all) });
    return true;
  },
};
