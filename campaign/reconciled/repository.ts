import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { sh } from '../shell.ts';
import { type Draft, LABS } from './history.ts';

const WORK = '/run/work';
const REMOTE = '/run/remote.git';
const AWAY = '/run/away.git';
/** The reconcile file; netform knows it as `lab`. */
export const RECONCILE_FILE = '/etc/netform/reconcile.d/lab.yaml';
/** Seconds. */
export const BACKOFF = { first: 60, most: 600 };

const SETTINGS = `version: 1
source: { git: ${REMOTE}, path: labs }
verify: { signedBy: /etc/netform/allowed_signers }
confirm: 2s
probes: [{ in: blue-alpha, run: [ping, -c1, -W1, 10.7.0.10] }]
deletes: { most: 1000 }
backoff: { first: ${BACKOFF.first}s, most: ${BACKOFF.most}s }
report: { metrics: /run/netform.prom }
`;

/** Makes an empty repository, two keys of which one is allowed, and the reconcile file. */
export async function createRepository(): Promise<void> {
  await sh(`set -e
rm -rf ${WORK} ${REMOTE} ${AWAY}
git init -q --bare -b main ${REMOTE}
git init -q -b main ${WORK}
cd ${WORK}
git config user.name t
git config user.email t@lab.test
git config gpg.format ssh
git config gc.auto 0
mkdir -p labs ${RECONCILE_FILE.slice(0, RECONCILE_FILE.lastIndexOf('/'))}
for key in allowed stranger; do
  test -e /run/$key || ssh-keygen -q -t ed25519 -N '' -f /run/$key
done
printf 't@lab.test %s\\n' "$(cut -d' ' -f1,2 /run/allowed.pub)" >/etc/netform/allowed_signers`);
  writeFileSync(RECONCILE_FILE, SETTINGS);
}

/** Makes a commit after another one (null: after none), and pushes it, with force. Gives its id. */
export async function pushCommit({ verdict, labs }: Draft, parent: string | null): Promise<string> {
  for (const lab of LABS) {
    const { text } = labs[lab];
    if (text === null) await sh(`rm -f ${WORK}/labs/${lab}.yaml`);
    else writeFileSync(`${WORK}/labs/${lab}.yaml`, text);
  }
  const key = verdict === 'stranger' ? '/run/stranger' : '/run/allowed';
  const sign = verdict === 'unsigned' ? '' : `-S${key}`;
  const after = parent === null || verdict === 'rewritten' ? '' : `-p ${parent}`;
  const commit = await sh(`set -e
cd ${WORK}
git add -A
commit=$(git commit-tree ${sign} ${after} -m '${verdict} ${randomUUID()}' "$(git write-tree)")
git push -q --force ${REMOTE} $commit:refs/heads/main
echo $commit`);
  return commit.trim();
}

/** Has the repository go, and come back. */
export const hideRepository = (): Promise<string> => sh(`mv ${REMOTE} ${AWAY}`);
export const showRepository = (): Promise<string> => sh(`test ! -e ${AWAY} || mv ${AWAY} ${REMOTE}`);
