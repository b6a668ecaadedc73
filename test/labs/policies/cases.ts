import type { Policy } from './oracle.ts';

const all = { project: 'any' };

/** Policies that are applied one after the other to one lab, by what they show. */
export const CASES: { readonly [shows: string]: { readonly [name: string]: Policy } } = {
  'no policy': {},
  'nothing comes in': { p: { select: { app: 'web' }, ingress: [] } },
  'nothing goes out': { p: { select: { app: 'web' }, egress: [] } },
  neither: { p: { select: { app: 'web' }, ingress: [], egress: [] } },
  'an empty rule lets everything in': { p: { select: { app: 'web' }, ingress: [{}] } },
  'a whole project': { p: { project: 'prod', select: { project: 'prod' }, ingress: [] } },
  'every pod': { p: { select: all, ingress: [], egress: [] } },
  'every pod, in and out again': { p: { select: all, ingress: [{}], egress: [{}] } },
  'one peer by label': { p: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }] }] } },
  'a label is looked for in the own project': {
    p: { project: 'prod', select: { app: 'db' }, ingress: [{ from: [{ app: 'api' }] }] },
  },
  'a label in any project': {
    p: { project: 'prod', select: { app: 'db' }, ingress: [{ from: [{ project: 'any', app: 'api' }] }] },
  },
  'a project by name': { p: { select: { app: 'web' }, ingress: [{ from: [{ project: 'prod' }] }] } },
  'projects by label': { p: { select: { app: 'web' }, ingress: [{ from: [{ project: { team: 'a' } }] }] } },
  'projects that have no such label': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: { team: { not: ['a'] } } }] }] },
  },
  'AND within a peer': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: { team: 'a' }, app: 'cache' }] }] },
  },
  'OR between peers': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: { team: 'b' } }, { app: 'api' }] }] },
  },
  'OR between rules': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }] }, { from: [{ project: 'prod', app: 'db' }] }] },
  },
  'OR between policies': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }] }] },
    q: { select: { app: 'web' }, ingress: [{ from: [{ project: 'test' }] }] },
  },
  'a policy that denies does not take back': {
    p: { select: { app: 'web' }, ingress: [] },
    q: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }] }] },
  },
  'one of several labels': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: 'any', app: ['db', 'cache'] }] }] },
  },
  'a label that is another': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: 'any', tier: { not: ['back'] } }] }] },
  },
  'a label that is there': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: 'any', tier: { exists: true } }] }] },
  },
  'a label that is not there': { p: { select: { tier: { exists: false } }, ingress: [] } },
  'two labels': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ project: 'any', app: 'cache', tier: 'back' }] }] },
  },
  'a port': { p: { select: { app: 'web' }, ingress: [{ ports: [81] }] } },
  'ports of both protocols': { p: { select: { app: 'web' }, ingress: [{ ports: [80, '53/udp'] }] } },
  'a range of ports': { p: { select: { app: 'web' }, ingress: [{ ports: ['60-80'] }] } },
  'a range and one inside of it': { p: { select: { app: 'web' }, ingress: [{ ports: ['60-81', 80, 81] }] } },
  'only UDP': { p: { select: all, ingress: [{ ports: ['1-65535/udp'] }] } },
  'a port by name, which is another number elsewhere': { p: { select: all, ingress: [{ ports: ['http'] }] } },
  'a port by name of UDP': { p: { select: all, ingress: [{ ports: ['dns/udp'] }] } },
  'a peer and a port': { p: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }], ports: [80] }] } },
  'other ports for others': {
    p: {
      select: { app: 'web' },
      ingress: [
        { from: [{ app: 'api' }], ports: [80] },
        { from: [{ project: 'prod' }], ports: [81] },
      ],
    },
  },
  'a network': { p: { select: { app: 'web' }, ingress: [{ from: ['10.65.2.0/24', 'fd00:65:2::/64'] }] } },
  'a network without a part': {
    p: {
      select: { app: 'web' },
      ingress: [
        {
          from: [
            { cidr: '10.65.0.0/16', except: ['10.65.2.0/24'] },
            { cidr: 'fd00:65::/32', except: ['fd00:65:2::/64'] },
          ],
        },
      ],
    },
  },
  'an address': { p: { select: { app: 'web' }, ingress: [{ from: ['203.0.113.9/32'] }] } },
  'all of IPv4, none of IPv6': { p: { select: { app: 'web' }, ingress: [{ from: ['0.0.0.0/0'] }] } },
  'networks that overlap': {
    p: { select: { app: 'web' }, ingress: [{ from: ['10.0.0.0/8', '10.65.1.0/24', '10.65.1.11/32'] }] },
  },
  'what goes out to a peer': { p: { select: { app: 'web' }, egress: [{ to: [{ app: 'api' }] }] } },
  'what goes out to a port by name': { p: { select: all, egress: [{ ports: ['http'] }] } },
  'what goes out to a peer at a port by name': {
    p: { select: { app: 'web' }, egress: [{ to: [{ project: 'prod' }], ports: ['http'] }] },
  },
  'what goes out to a network at a port by name': {
    p: { select: all, egress: [{ to: [{ cidr: '10.65.0.0/16', except: ['10.65.2.0/24'] }], ports: ['http'] }] },
  },
  'what goes out to networks': { p: { select: all, egress: [{ to: ['203.0.113.0/24'] }] } },
  'both ends have to agree': {
    p: { select: { app: 'web' }, egress: [{ to: [{ app: 'api' }], ports: [80] }] },
    q: { select: { app: 'api' }, ingress: [{ from: [{ app: 'web' }], ports: [80, 81] }] },
  },
  'both ends of different projects': {
    p: { project: 'test', select: { app: 'api' }, egress: [{ to: [{ project: 'prod', app: 'db' }] }] },
    q: { project: 'prod', select: { app: 'db' }, ingress: [{ from: [{ project: { team: 'b' } }], ports: ['http'] }] },
  },
  'in of one policy and out of another': {
    p: { select: { app: 'web' }, ingress: [{ from: [{ app: 'api' }] }] },
    q: { select: { app: 'web' }, egress: [{ to: [{ project: 'prod' }], ports: [81] }] },
  },
};
