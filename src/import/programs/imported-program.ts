import type { Json } from '../../model/json.ts';
import { isEndlessLoop, type ShellCommand, startOfProgram } from '../commands/shell-words.ts';
import { type JsonMap, omitEmpty } from '../result.ts';
import { sanitizeName } from '../yaml-values.ts';
import { isServerName, knownServer, programName, type ServerWords } from './known-servers.ts';

/** An entry of `run`: its name, which others may have as well, and its value. */
export type ImportedProgram = { readonly name: string; readonly value: Json };

/** Where a program is found: the folder of a `cd` before it (null: none), and the files that it sees. */
export type CommandPlace = { readonly workdir: string | null; readonly files: readonly string[] };

/**
 * A command as a program under `run`: a server that says all on its command line, a loop without an end, and what a shell puts
 * into the background. Null: it ends, it is not certain that it goes on, or what it does is written in files of its image.
 */
export function importedProgram(command: ShellCommand, { workdir, files }: CommandPlace): ImportedProgram | null {
  const words = plainWords(command.words);
  const server = words && knownServer(words, files);
  if (server) return programEntry(server, workdir);
  const isCertain = isEndlessLoop(command) || (command.isBackground && goesOn(command.words, files));
  if (!isCertain || UNSET_VARIABLE.test(command.source)) return null;
  if (words && !isEndlessLoop(command)) return programEntry({ words }, workdir);
  const script = command.source.replace(PREFIX, '');
  return programEntry({ words: [command.shell, '-c', script], name: nameOfScript(command) }, workdir);
}

function programEntry({ words, name, workdir = '' }: ServerWords, folder: string | null): ImportedProgram {
  const isPlain = words.every((word) => /^[\w@%+=:,./-]+$/.test(word));
  const command = isPlain ? words.join(' ') : words;
  const place = folder ?? workdir;
  return {
    name: sanitizeName(name ?? programName(words)),
    value: place === '' ? (isPlain ? command : { command }) : omitEmpty({ command, workdir: place }),
  };
}

const nameOfScript = (command: ShellCommand): string =>
  isEndlessLoop(command) ? 'loop' : programName(endOfPipe(command.words));

/** The words of the program at the end of a pipe. */
function endOfPipe(words: readonly string[]): readonly string[] {
  const last = words.slice(words.lastIndexOf('|') + 1);
  return last.slice(startOfProgram(last));
}

const PREFIX = /^(?:(?:sudo|nohup|exec|setsid)\s+)+/;
/** It comes from the image, or from the environment of the container. */
const UNSET_VARIABLE = /\$\{?[A-Z_]/;

/** The words of a program without a shell, and without where its output goes; null: it needs a shell. */
function plainWords(words: readonly string[]): readonly string[] | null {
  const own = words
    .slice(startOfProgram(words))
    .filter((word, i, all) => !OUTPUT.test(word) && !INTO.test(all[i - 1] ?? '') && word !== '</dev/null');
  const needsShell = own.length === 0 || own.some((word) => /[|<>`$&;(){}*?~\n]/.test(word)) || own[0]?.includes('=');
  return needsShell ? null : own;
}

const OUTPUT = /^(?:\d?>>?|&>+|\d?>&\d)$/;
const INTO = /^(?:\d?>>?|&>+)$/;

/** Whether a command in the background goes on: the program at the end of its pipe does not end, nor leave for the background itself. */
function goesOn(words: readonly string[], files: readonly string[]): boolean {
  const last = endOfPipe(words);
  const name = programName(last);
  if (isServerName(last)) return knownServer(last, files) !== null;
  if (/^ping6?$/.test(name)) return !last.some((word) => /^-[a-zA-Z]*[cw]/.test(word));
  const path = last[0] ?? '';
  const isThere = files.includes(path) || (SYSTEM.test(path) && !/\.(?:sh|py|pl)$/.test(path));
  const ends = SHORT.has(name) || CONFIGURED.has(name) || SHELL.test(name) || last.some((word) => DETACHES.test(word));
  const isProgram = /^[A-Za-z][\w.+-]*$/.test(name) && (files.includes(path) || !ends);
  return isThere && isProgram && (!INTERPRETER.test(name) || readsOwn(last, files));
}

/** What has many a program leave for the background. */
const DETACHES = /^(?:-d|-D|--(?:daemon|daemoni[sz]e|background|detach|fork)(?:=.*)?)$/;
/** Where the programs of a system are, or no folder at all. */
const SYSTEM = /^(?:(?:\/usr)?(?:\/local)?\/s?bin\/)?[^/]+$/;
const SHELL = /^(?:[a-z]*sh|entrypoint|docker-entrypoint)$/;
const INTERPRETER = /^(?:python|perl|ruby|node|php|lua|java|tclsh|expect)[\d.]*$/;

/** Whether an interpreter gets its program on the command line, or of a file that the topology has. */
const readsOwn = (words: readonly string[], files: readonly string[]): boolean =>
  words.some((word) => files.includes(word) || /^-(?:c|e|r)$/.test(word));

const SHORT = new Set(
  (
    'echo printf cp mv rm ln mkdir rmdir touch chmod chown chgrp cat tee sed awk grep head tail cut sort tr test export set cd ' +
    'true false sleep wait kill pkill killall source eval read ip ifconfig route brctl bridge tc ss arp arping nft ethtool ' +
    'sysctl modprobe iptables ip6tables iptables-save iptables-restore ip6tables-save ip6tables-restore ipset conntrack ' +
    'vtysh birdc apk apt apt-get dpkg yum dnf pip pip3 npm curl wget dig nslookup host traceroute mtr tracepath hostname date ' +
    'useradd adduser passwd chpasswd usermod groupadd addgroup mount umount ovs-vsctl ovs-ofctl ssh-keygen openssl ssh scp ' +
    'for while until if then else elif fi do done case esac function select time timeout docker podman git tar unzip gzip which ls'
  ).split(' '),
);

/** What they do is in files of their image, and most go into the background by themselves. */
const CONFIGURED = new Set(
  (
    'nginx apache2 httpd apachectl lighttpd busybox caddy haproxy traefik envoy sshd dropbear named unbound coredns knotd nsd bird bird6 ' +
    'zebra bgpd ospfd ospf6d isisd ripd ripngd ldpd pimd bfdd mgmtd staticd watchfrr frrinit.sh docker-start gobgpd exabgp ' +
    'snmpd rsyslogd syslogd syslog-ng chronyd ntpd radvd keepalived dhcpd udhcpd dhclient dhcpcd udhcpc vsftpd smbd nmbd ' +
    'in.tftpd tftpd openvpn strongswan charon ipsec wg-quick wpa_supplicant hostapd supervisord systemctl service rc-service openrc ' +
    'ovsdb-server ovs-vswitchd lldpd rpcbind screen tmux start-stop-daemon inetd xinetd telnetd in.telnetd telegraf prometheus grafana gnmic tcpdump tshark dumpcap freeradius radiusd squid postfix crond cron'
  ).split(' '),
);

/** Programs as entries of `run`; of those with one name the second is `NAME-2`. */
export function runEntries(programs: readonly ImportedProgram[]): JsonMap {
  const entries = new Map<string, Json>();
  for (const { name, value } of programs) {
    let free = name;
    for (let i = 2; entries.has(free); i++) free = `${name}-${i}`;
    entries.set(free, value);
  }
  return Object.fromEntries(entries);
}
