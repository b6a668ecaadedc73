import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importKubernetes } from '../../../src/import/formats/kubernetes/index.ts';
import type { ImportResult, JsonMap } from '../../../src/import/result.ts';
import { readYamlDocuments } from '../../../src/source/read-yaml.ts';
import { repository } from '../../support/machine.ts';

const imported = (text: string, nodes: number | null = null): ImportResult => {
  const read = readYamlDocuments(text);
  if ('problem' in read) throw new Error(read.problem);
  const documents = read.values.map((value, i) => ({ file: 'shop.yaml', index: i + 1, value }));
  return importKubernetes(documents, { lab: 'shop', nodes });
};

const manifest = (name: string): string => readFileSync(`${repository}test/import/manifests/${name}.yaml`, 'utf8');

const at = (value: JsonMap, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, key) => (found as JsonMap | undefined)?.[key], value);

const namespaces = ({ document }: ImportResult): JsonMap => at(document, 'namespaces') as JsonMap;

const policy = (spec: string, metadata = '{ name: p, namespace: shop }'): JsonMap => {
  const { document } = imported(
    `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: ${metadata}, spec: ${spec} }`,
  );
  return at(document, 'policies', 'p') as JsonMap;
};

test('AND within a peer and OR between peers stay what they are', () => {
  const { document } = imported(manifest('policy-and-or'));
  expect(at(document, 'policies')).toEqual({
    'db-policy': {
      select: { role: 'db' },
      ingress: [{ from: [{ project: { name: 'prod' }, name: 'api-pod' }, '192.168.5.10/32'], ports: [3306] }],
      egress: [{ to: '192.168.5.10/32', ports: [80] }],
    },
    'db-policy-or': {
      select: { role: 'db-or' },
      ingress: [{ from: [{ name: 'api-pod' }, { project: { name: 'prod' } }], ports: [3306] }],
    },
  });
});

test('which directions of a policy are isolated follows policyTypes, and without it the keys', () => {
  expect(policy('{ podSelector: {} }')).toEqual({ project: 'shop', select: { project: 'shop' }, ingress: [] });
  expect(policy('{ podSelector: {}, egress: [{}] }')).toMatchObject({ ingress: [], egress: [{}] });
  expect(policy('{ podSelector: {}, policyTypes: [Egress] }')).toEqual({
    ...{ project: 'shop', select: { project: 'shop' }, egress: [] },
  });
});

test('selectors of namespaces, blocks and ports are said in the words of a topology', () => {
  const rule = (peer: string, ports = '[]') =>
    (policy(`{ podSelector: {}, ingress: [{ from: [${peer}], ports: ${ports} }] }`)['ingress'] as JsonMap[])[0];
  expect(rule('{ podSelector: {} }')).toEqual({ from: { project: 'shop' } });
  expect(rule('{ namespaceSelector: {} }')).toEqual({ from: { project: 'any' } });
  expect(rule('{ namespaceSelector: {}, podSelector: { matchLabels: { a: b } } }')).toEqual({
    from: { project: 'any', a: 'b' },
  });
  expect(rule('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: prod } } }')).toEqual({
    from: { project: 'prod' },
  });
  expect(
    rule(
      '{ podSelector: { matchExpressions: [{ key: a, operator: NotIn, values: [b] }, { key: c, operator: Exists }] } }',
    ),
  ).toEqual({ from: { a: { not: ['b'] }, c: { exists: true } } });
  expect(rule('{ ipBlock: { cidr: 10.0.0.0/8, except: [10.9.0.0/16] } }')).toEqual({
    from: { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] },
  });
  const ports = '[{ port: 53, protocol: UDP }, { port: 8000, endPort: 8100 }, { port: web }, { protocol: TCP }]';
  expect(rule('{ podSelector: {} }', ports)).toMatchObject({ ports: ['53/udp', '8000-8100', 'web', '1-65535'] });
});

test('a rule whose peers or ports cannot be said lets nothing pass, rather than everything', () => {
  const twice = '{ matchExpressions: [{ key: a, operator: Exists }, { key: a, operator: NotIn, values: [b] }] }';
  expect(policy(`{ podSelector: {}, ingress: [{ from: [{ podSelector: ${twice} }] }] }`)['ingress']).toEqual([]);
  expect(policy('{ podSelector: {}, ingress: [{ ports: [{ port: 1, protocol: SCTP }] }] }')['ingress']).toEqual([]);
});

test('Ingresses of one host are one entry, a canary has its share, and rewrites are of the prefix or of the whole path', () => {
  const proxy = at(imported(manifest('cafe')).document, 'namespaces', 'ingress', 'ingress');
  expect(proxy).toEqual({
    listen: [80, { port: 443, tls: { hosts: ['cafe.example.test'], redirect: true } }],
    rules: [
      { host: 'cafe.example.test', paths: { '/tea': 'tea-svc.default:80', '/coffee': 'coffee-svc.default:80' } },
      {
        host: 'api.example.test',
        paths: {
          '/v1': {
            to: [
              { to: 'tea-svc.default:80', weight: 80 },
              { to: 'coffee-svc.default:80', weight: 20 },
            ],
            rewrite: '/',
          },
        },
      },
    ],
  });
  const { document } = imported(manifest('wear-watch-ingress'));
  expect(at(document, 'namespaces', 'ingress', 'ingress', 'rules')).toEqual([
    {
      paths: {
        '/wear': { to: 'wear-service.app-space:8080', rewriteFull: '/' },
        '/watch': { to: 'video-service.app-space:8080', rewriteFull: '/' },
      },
    },
    { host: 'videos.domain.test', paths: { '/': { to: 'video-service.app-space:8080', rewriteFull: '/' } } },
  ]);
});

test('a Gateway has the routes that it allows, and services that no file has get a namespace of their name', () => {
  const canary = imported(manifest('gateway-canary'));
  expect(at(namespaces(canary), 'nginx-gateway', 'ingress')).toEqual({
    listen: [80],
    rules: [
      { to: 'frontend-svc.default:80' },
      {
        host: 'app.lab.test',
        to: [
          { to: 'app-v1.default:80', weight: 80 },
          { to: 'app-v2.default:80', weight: 20 },
        ],
      },
    ],
  });
  expect(at(namespaces(canary), 'app-v2', 'answers')).toEqual([80]);
  expect(canary.head).toContain('None of these files has the service app-v1 of default: app-v1 answers in its place.');
  const closed = imported(manifest('gateway-canary').replace('from: All', 'from: Same'));
  expect(closed.leftOut).toContainEqual(expect.stringContaining('its Gateway is in none of these files'));
});

test('pods are spread over the nodes in turn, find them by labels, and answer on all ports that lead to them', () => {
  const two = namespaces(imported(manifest('guestbook'), 2));
  const bridgeOf = (pod: string) => at(two, pod, 'interfaces', 'eth0', 'bridge');
  expect(['frontend-1', 'frontend-2', 'frontend-3'].map(bridgeOf)).toEqual([
    ...['node-2:cni0', 'node-1:cni0', 'node-2:cni0'],
  ]);
  expect(at(two, 'node-1', 'routes')).toEqual([{ to: '10.244.2.0/24', via: 'node-2' }]);
  const tools = namespaces(imported(manifest('tools')));
  expect(at(tools, 'email-pod', 'answers')).toEqual([8080]);
  const exporter = imported(manifest('node-exporter'));
  expect(at(namespaces(exporter), 'fast', 'interfaces', 'eth0', 'bridge')).toBe('worker-a:cni0');
  expect(at(namespaces(exporter), 'worker-b')).toMatchObject({
    answers: [9100],
    portForwards: [
      { listen: '8125/udp', to: 'log-agent-worker-b:8125' },
      { listen: 18126, to: 'log-agent-worker-b:8126' },
    ],
  });
});

test('a port of a service keeps its name where the pods call ports of several numbers by it', () => {
  const pod = (name: string, ports: string) =>
    `{ apiVersion: v1, kind: Pod, metadata: { name: ${name}, labels: { app: web } }, spec: { containers: [{ ports: [${ports}] }] } }`;
  const service = (name: string, spec: string) =>
    `{ apiVersion: v1, kind: Service, metadata: { name: ${name} }, spec: { selector: { app: web }, ${spec} } }`;
  const { document, leftOut } = imported(
    [
      pod('v1', '{ name: http, containerPort: 8080 }'),
      pod('v2', '{ name: http, containerPort: 9090 }, { containerPort: 53, protocol: UDP }'),
      service('web', 'ports: [{ port: 80, targetPort: http }]'),
      service('all', 'clusterIP: None, ports: [{ port: 80, targetPort: http }]'),
      service('none', 'ports: [{ port: 80, targetPort: nope }]'),
    ].join('\n---\n'),
  );
  expect(at(document, 'services', 'web', 'ports')).toEqual(['80:http']);
  expect(at(document, 'namespaces', 'v1', 'answers')).toEqual({ http: 8080 });
  expect(at(document, 'namespaces', 'v2', 'answers')).toEqual({ http: 9090, 'udp-53': '53/udp' });
  expect(JSON.stringify(leftOut)).toContain('port 80: its pods have several of that name');
  expect(JSON.stringify(leftOut)).toContain('port 80: its pods have no port of that name');
});

test('what has the name of another is called by its project, or is a pod by name', () => {
  const { document } = imported(manifest('external'));
  expect(Object.keys(at(document, 'services') as JsonMap)).toEqual(['legacy', 'api', 'api.prod', 'kube-dns']);
  expect(Object.keys(at(document, 'namespaces') as JsonMap)).toEqual([
    ...['node-1', 'api-pod', 'report', 'api-1', 'api-2', 'coredns', 'client'],
  ]);
  expect(at(document, 'services', 'legacy')).toEqual({ to: ['172.30.0.9'], ports: ['80:9376'] });
});

test('a lab has IPv6 where a manifest asks for it', () => {
  const { document } = imported(manifest('zookeeper'));
  expect(at(document, 'bridges', 'nodes', 'subnet')).toEqual(['172.30.0.0/24', 'fd00:172:30::/64']);
  expect(at(imported(manifest('vote')).document, 'bridges', 'nodes', 'subnet')).toBe('172.30.0.0/24');
});

test('documents that are no objects are named, and empty ones are not', () => {
  const { unknown, leftOut } = imported('---\n---\na: 1\n---\n{ apiVersion: v1, kind: Role, metadata: { name: r } }\n');
  expect(unknown).toEqual(['shop.yaml, document 2: it has no kind']);
  expect(leftOut).toEqual(['shop.yaml, document 3 (Role r): nothing of the network is in it']);
});
