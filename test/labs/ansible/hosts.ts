import type { Machine } from '../../support/machine.ts';

/** Where the controller keeps its files. */
export const FOLDER = '/run/ansible';

/** What a command of the controller runs with. `cache`: a folder for what Python compiles. */
export const controller = (cache: string) => ({
  cwd: FOLDER,
  env: {
    HOME: FOLDER,
    ANSIBLE_CONFIG: `${FOLDER}/ansible.cfg`,
    PYTHONPYCACHEPREFIX: cache,
    PYTHONDONTWRITEBYTECODE: '',
    LC_ALL: 'C.UTF-8',
  },
});

/** Starts hosts h1, h2, …: each has an sshd, and a network, processes, /etc, /run, /usr and /var of its own. */
export async function startHosts(m: Machine, count: number): Promise<void> {
  await m.must(KEYS);
  await m.must(`cat >${FOLDER}/host.sh`, { input: HOST });
  await m.must('ip link add sw type bridge && ip addr add 192.168.50.254/24 dev sw && ip link set sw up');
  for (let host = 1; host <= count; host++) await m.must(START, { env: { HOST_NUMBER: String(host) } });
  await m.must(`cat >${FOLDER}/ansible.cfg`, { input: CONFIGURATION });
  const hosts = Array.from({ length: count }, (_, i) => `h${i + 1} ansible_host=192.168.50.${i + 1}\n`);
  await m.must(`cat >${FOLDER}/hosts`, { input: `[labs]\n${hosts.join('')}` });
}

/** Runs a script on a host, over ssh. */
export const onHost = (m: Machine, host: number, script: string) =>
  m.sh(`ssh -o BatchMode=yes ${SSH} root@192.168.50.${host} sh`, { input: script });

const SSH = `-o UserKnownHostsFile=${FOLDER}/known_hosts -i ${FOLDER}/id`;

const KEYS = `mkdir -m 700 ${FOLDER} && cd ${FOLDER} && mkdir -p /etc/ssh /run/sshd
ssh-keygen -q -t ed25519 -N '' -f id
ssh-keygen -q -t ed25519 -N '' -f host && echo "192.168.50.* $(cut -d' ' -f1,2 host.pub)" >known_hosts
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:74:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow`;

/** Runs as the first process of a host. Its state is new, and so is the link that it is given. */
const HOST = `set -e
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /mnt
for folder in etc usr var; do
  mkdir -p /mnt/$folder/upper /mnt/$folder/work
  mount -t overlay overlay -o lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work /$folder
done
rm -rf /var/lib/netform
mkdir /mnt/keys && cp ${FOLDER}/id.pub /mnt/keys/authorized && cp ${FOLDER}/host /mnt/keys/host
chmod 600 /mnt/keys/*
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
ip link set lo up
until ip link set eth0 up 2>/dev/null; do sleep 0.02; done
ip addr add 192.168.50.$HOST_NUMBER/24 dev eth0
exec /usr/sbin/sshd -D -f /dev/null -o UsePAM=no -o UseDNS=no -o PidFile=none -o HostKey=/mnt/keys/host \\
  -o AuthorizedKeysFile=/mnt/keys/authorized -o StrictModes=no -o PermitRootLogin=prohibit-password`;

const START = `log=/run/ansible/h$HOST_NUMBER.log
unshare --mount --net --pid --uts --fork --kill-child --propagation private sh ${FOLDER}/host.sh >$log 2>&1 </dev/null &
above=$!
host=
until [ -n "$host" ] && [ "$(readlink /proc/$host/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
  host=$(cut -d' ' -f1 /proc/$above/task/$above/children)
done
ip link add v$HOST_NUMBER type veth peer name eth0 netns $host && ip link set v$HOST_NUMBER master sw up
tries=0
until ssh -o BatchMode=yes ${SSH} root@192.168.50.$HOST_NUMBER true 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat $log >&2; exit 1; }
  sleep 0.05
done`;

const CONFIGURATION = `[defaults]
inventory = ${FOLDER}/hosts
collections_path = ${FOLDER}/collections
local_tmp = ${FOLDER}/tmp
remote_tmp = /run/ansible-remote
private_key_file = ${FOLDER}/id
remote_user = root
interpreter_python = /usr/bin/python3
nocows = true
localhost_warning = false
[ssh_connection]
pipelining = true
transfer_method = piped
control_path_dir = ${FOLDER}/cp
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${FOLDER}/known_hosts
`;
