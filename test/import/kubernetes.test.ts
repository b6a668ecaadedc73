import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { haproxy } from '../support/fetched-programs.ts';
import { type Machine, withMachine } from '../support/machine.ts';

/** Who asks, for what, and what the first line of the answer is; null: nobody answers. */
type Question = readonly [from: string, url: string, name: RegExp | null];

type Case = {
  readonly args?: readonly string[];
  /** What the import says about each document that it leaves something out of. */
  readonly leftOut?: readonly RegExp[];
  readonly questions: readonly Question[];
};

const NODE = '172.30.0.11';

const CASES: { readonly [file: string]: Case } = {
  guestbook: {
    questions: [
      ['client', 'http://172.30.0.101/', /^frontend-[123]$/],
      ['frontend-1', 'http://redis-leader:6379/', /^redis-leader-pod$/],
      ['frontend-2', 'http://redis-follower.default.svc.cluster.local:6379/', /^redis-follower-[12]$/],
      ['client', `http://${NODE}/`, null],
    ],
  },
  wordpress: {
    leftOut: [/document 1 \(Secret mysql-pass\)/, /document 3 \(PersistentVolumeClaim mysql-pv-claim\)/],
    questions: [
      ['client', 'http://172.30.0.101/', /^wordpress-pod$/],
      ['wordpress-pod', 'http://wordpress-mysql:3306/', /^wordpress-mysql-pod$/],
      ['wordpress-pod', 'http://wordpress-mysql:80/', null],
    ],
  },
  vote: {
    args: ['--nodes', '2'],
    questions: [
      ['client', `http://${NODE}:31001/`, /^result-pod$/],
      ['client', 'http://172.30.0.12:30000/', /^vote-pod$/],
      ['worker', 'http://redis:6379/', /^redis-pod$/],
      ['worker', 'http://db.vote.svc.cluster.local:5432/', /^db-pod$/],
      ['worker', 'http://db:80/', null],
    ],
  },
  zookeeper: {
    args: ['--nodes', '3'],
    leftOut: [/document 3 \(PodDisruptionBudget zk-pdb\)/],
    questions: [
      ['zk-0', 'http://zk-cs:2181/', /^zk-[012]$/],
      ['zk-1', 'http://[fd00:10:244:3::2]:3888/', /^zk-2$/],
      ['zk-2', 'http://zk-hs:2888/', /^zk-[012]$/],
      ['zk-2', 'http://zk-cs:2888/', null],
    ],
  },
  'node-exporter': {
    leftOut: [/document 3 \(DaemonSet node-exporter\): a namespace of its own/],
    questions: [
      ['worker-a', 'http://172.30.0.12:9100/', /^worker-b$/],
      ['worker-a', 'http://172.30.0.12:18126/', /^log-agent-worker-b$/],
      ['fast', 'http://log-agent:8126/', /^log-agent-worker-a$/],
      ['worker-a', 'http://172.30.0.12:8125/', null],
    ],
  },
  external: {
    args: ['--nodes', '2'],
    leftOut: [/document 4 \(Pod api\): port .*SCTP/, /document 3 \(Service my-db\): an alias of db.example.test/],
    questions: [
      ['client', `http://${NODE}:30000/`, /^api-pod$/],
      ['report', 'http://api/', /^api-pod$/],
      ['report', 'http://api.prod/', /^api-[12]$/],
      ['report', 'http://api.prod:81/', /^api-[12]$/],
      ['api-1', 'http://api/', /^api-[12]$/],
      ['report', 'http://legacy/', null],
    ],
  },
  tools: {
    leftOut: [/document 2 \(ConfigMap settings\)/, /document 9 \(HorizontalPodAutoscaler frontend\)/],
    questions: [
      ['frontend-1', 'http://cart:7070/', /^cart-pod$/],
      ['frontend-2', 'http://email.boutique:5000/', /^email-pod$/],
      ['client', 'http://172.30.0.101/', /^frontend-[12]$/],
      ['frontend-1', 'http://email:8080/', null],
    ],
  },
  'names-and-dnsconfig': {
    questions: [
      ['webapp', 'http://mysql:3306/', null],
      ['webapp', 'http://mysql.payroll:3306/', /^mysql-pod$/],
      ['webapp', 'http://mysql.payroll.svc.cluster.local:3306/', /^mysql-pod$/],
      ['client', `http://${NODE}:30080/`, null],
    ],
  },
  bookinfo: {
    leftOut: [
      /document 1 \(ServiceAccount bookinfo-reviews\)/,
      /document 3 \(HTTPRoute bookinfo\): a match by headers/,
    ],
    questions: [
      ['client', 'http://172.30.0.101/productpage', /^productpage-v1$/],
      ['client', 'http://172.30.0.101/api/reviews/7', /^reviews-v3-pod$/],
      ['productpage-v1', 'http://reviews:9080/', /^reviews-v(?:1|3-pod)$/],
      ['client', 'http://172.30.0.101/other', null],
    ],
  },
  'wear-watch-ingress': {
    questions: [
      ['client', `http://${NODE}/wear`, /^webapp-wear$/],
      ['client', `http://${NODE}/watch/7`, /^webapp-video-[12]$/],
      ['client', 'http://videos.domain.test/', /^webapp-video-[12]$/],
      ['client', `http://${NODE}/elsewhere`, /^default-backend$/],
    ],
  },
  'pay-in-another-namespace': {
    questions: [
      ['client', `http://${NODE}/pay`, /^webapp-pay$/],
      ['client', `http://${NODE}/pay/more`, null],
    ],
  },
  cafe: {
    leftOut: [/document 5 \(Secret cafe-secret\)/],
    questions: [
      ['client', `http://${NODE}/`, null],
      ['client', 'http://api.example.test/v1/x', /^(?:tea|coffee-[12])$/],
    ],
  },
  'policy-recipes': {
    questions: [
      ['stranger', 'http://10.244.1.2/', /^web$/],
      ['web', 'http://10.244.1.3:8000/', /^api$/],
      ['web', 'http://10.244.1.3:5000/', null],
      ['scraper', 'http://10.244.1.3:5000/', /^api$/],
      ['stranger', 'http://10.244.1.3:5000/', null],
      ['api', 'http://10.244.1.4:5432/', /^db$/],
      ['web', 'http://10.244.1.4:5432/', null],
      ['db', 'http://10.244.1.2/', null],
    ],
  },
  'gateway-canary': {
    questions: [
      ['client', 'http://172.30.0.101/', /^frontend-svc$/],
      ['client', 'http://app.lab.test/', /^app-v[12]$/],
    ],
  },
};

/** The name that answered; null where the connection is refused, no such name is known, or a proxy has no rule. */
async function whoAnswers(m: Machine, [from, url]: readonly [string, string], seconds: number): Promise<string | null> {
  const { stdout } = await m.sh(`ip netns exec ${from} curl -sgf -m${seconds} '${url}'`);
  return /^Name: (.+)$/m.exec(stdout)?.[1] ?? null;
}

test.skipIf(haproxy.missing !== null)(
  'manifests become labs in which each service and proxy leads where it leads in a cluster',
  () =>
    withMachine(async (m) => {
      await haproxy.install(m);
      const before = await m.snapshot();
      for (const [lab, { args = [], leftOut = [], questions }] of Object.entries(CASES)) {
        const file = join('test/import/manifests', `${lab}.yaml`);
        const { stdout, stderr } = await runNetform(m, ['import', 'kubernetes', file, ...args]);
        await expect(stdout).toMatchFileSnapshot(join('golden', 'kubernetes', `${lab}.yaml`));
        const told = stderr.trim().split('\n').filter(Boolean);
        expect(told.length, stderr).toBe(leftOut.length);
        for (const line of leftOut) expect(told.join('\n')).toMatch(line);
        await runNetform(m, ['apply', '-'], { input: stdout });
        expect((await runNetform(m, ['plan', '-'], { input: stdout })).stdout).toMatch(/Nothing to do\.$/m);
        for (const [from, url, name] of questions) {
          const found = await whoAnswers(m, [from, url], name === null ? 1 : 10);
          if (name === null) expect(found, `${lab}: ${from} asks ${url}`).toBeNull();
          else expect(found, `${lab}: ${from} asks ${url}`).toMatch(name);
        }
        await runNetform(m, ['destroy', lab, '--yes']);
      }
      expect(await m.snapshot()).toBe(before);
    }),
);
