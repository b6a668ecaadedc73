import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { repository, withMachine } from '../support/machine.ts';

/** Words that only root can give a program. */
const asOneUser = (text: string) => text.replace(/^ *(?:user|capabilities): .*\n/gm, '');

/** All plugins of Debian that make something in this kernel: a bridge, limits, rules of iptables, settings. */
const PODS = `version: 1
name: pods
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, bridge: mynet0, isGateway: true, ipMasq: true, hairpinMode: true, ipam: { type: host-local, subnet: 10.22.0.0/24, routes: [{ dst: 0.0.0.0/0 }] } }
      - { type: tuning, sysctl: { net.ipv4.conf.all.log_martians: "1" } }
      - { type: bandwidth, ingressRate: 80000000, ingressBurst: 8000000, egressRate: 80000000, egressBurst: 8000000 }
      - { type: firewall }
      - { type: portmap, capabilities: { portMappings: true } }
namespaces:
  pod1:
    publish: ["8080:80"]
    run: { web: { command: [ncat, --listen, --keep-open, "80", --sh-exec, "echo from pod1"], ports: [80] } }
    interfaces: { eth0: { cni: mynet } }
  pod2: { interfaces: { eth0: { cni: mynet } } }
`;

/** Runs a lab; each line of output that begins with `=` is what a client got. */
const SCRIPT = `set -e
echo "=map $(awk '{print $1, $3}' /proc/self/uid_map)"
ask() { echo "=$*: $("$@" 2>/dev/null)"; }
cat >/run/web.yaml
${NETFORM} plan topologies/programs/web.yaml >/run/refused 2>&1 || echo "=refused $?: $(grep -m1 www-data /run/refused)"
${NETFORM} apply /run/web.yaml --yes
for url in http://10.0.0.1/ 'http://[fd00::1]/' http://10.0.0.1:81/
do ask ip netns exec client curl -sg --max-time 5 "$url"; done
ask curl -s --max-time 5 http://127.0.0.1:8080/
${NETFORM} plan /run/web.yaml
${NETFORM} destroy web --yes
${NETFORM} apply topologies/programs/dns.yaml --yes
ask ip netns exec client dig +short web.lab.test A
ask ip netns exec client dig +short @fd00:1::53 app.corp.test AAAA
ask ip netns exec client dig +short none.lab.test A
${NETFORM} destroy dns --yes
${NETFORM} apply - --yes <<'END'
${PODS}END
ask ip netns exec pod2 ncat --recv-only -w 3 10.22.0.1 8080
ask ip netns exec pod2 ncat --recv-only -w 1 10.22.0.1 8081
${NETFORM} show pods
${NETFORM} destroy pods --yes
rm /run/web.yaml /run/refused
echo "=left $(find /run/netform /var/lib/netform /var/lib/cni -mindepth 1 ! -name lock; pgrep -l 'dnsmasq|python3'; ip netns list; ip -br link | grep -v '^lo ')"
`;

test('an ordinary user runs programs, DNS servers and CNI plugins in a user namespace, and nothing is left', () =>
  withMachine(async (m) => {
    // In the user namespace of an ordinary user there is nobody else to become.
    const nobody =
      '$(grep -q 4294967295 /proc/self/uid_map && echo setpriv --reuid=65534 --regid=65534 --clear-groups)';
    const input = asOneUser(readFileSync(`${repository}topologies/programs/web.yaml`, 'utf8'));
    await m.must('cat >/run/rootless.sh', { input: SCRIPT });
    const { stdout, stderr, code } = await m.sh(`${nobody} sh scripts/machine.sh sh -c "$(cat /run/rootless.sh)"`, {
      input,
    });
    expect(code, stdout + stderr).toBe(0);
    const inside = 'ip netns exec client';
    expect(stdout.split('\n').filter((line) => line.startsWith('='))).toEqual([
      '=map 0 1',
      expect.stringMatching(/^=refused 3: .*www-data/),
      `=${inside} curl -sg --max-time 5 http://10.0.0.1/: hello from web`,
      `=${inside} curl -sg --max-time 5 http://[fd00::1]/: hello from web`,
      `=${inside} curl -sg --max-time 5 http://10.0.0.1:81/: `,
      '=curl -s --max-time 5 http://127.0.0.1:8080/: hello from web',
      `=${inside} dig +short web.lab.test A: 10.1.0.10`,
      `=${inside} dig +short @fd00:1::53 app.corp.test AAAA: fd00:9::1`,
      `=${inside} dig +short none.lab.test A: `,
      '=ip netns exec pod2 ncat --recv-only -w 3 10.22.0.1 8080: from pod1',
      '=ip netns exec pod2 ncat --recv-only -w 1 10.22.0.1 8081: ',
      '=left ',
    ]);
    expect(stdout).toContain('Nothing to do.');
  }));
