import type { NetnsFile } from '../model/kernel/import-facts.ts';
import { parseAddress } from '../net/address.ts';
import { isHostname } from '../net/name.ts';
import { type JsonMap, omitEmpty, oneOrList } from './result.ts';

/** The files of a namespace below /etc/netns as its `dns` block, and what is left out of that. */
export type ImportedNameFiles = { readonly dns: JsonMap; readonly leftOut: readonly string[] };

type FileWords = { readonly dns: JsonMap; readonly rest: readonly string[] };

/** Reads resolv.conf, hosts and nsswitch.conf of a namespace as a `dns` block. */
export function importNameFiles(netns: string, files: readonly NetnsFile[]): ImportedNameFiles {
  const read = files
    .filter((file) => file.netns === netns)
    .map(({ name, text }) => {
      const reader = READERS[name];
      const path = `/etc/netns/${netns}/${name}`;
      if (reader === undefined || text === null) return { dns: {}, leftOut: [`file ${path}`] };
      const { dns, rest } = reader(linesOf(text));
      return { dns, leftOut: rest.map((line) => `line of ${path}: ${line}`) };
    });
  return { dns: Object.assign({}, ...read.map(({ dns }) => dns)), leftOut: read.flatMap(({ leftOut }) => leftOut) };
}

const READERS: { readonly [name: string]: (lines: readonly string[]) => FileWords } = {
  'resolv.conf': resolverWords,
  hosts: hostsWords,
  'nsswitch.conf': orderWords,
};

/** The lines that say something, with single spaces. */
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/[#;].*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.replace(/\s+/g, ' '));

/** resolv.conf(5): the last `search` or `domain` counts. */
function resolverWords(lines: readonly string[]): FileWords {
  const nameservers: string[] = [];
  const options: string[] = [];
  const rest: string[] = [];
  let search: readonly string[] = [];
  for (const line of lines) {
    const [key = '', ...words] = line.split(' ');
    const [first = ''] = words;
    if (key === 'nameserver' && words.length === 1 && parseAddress(first)) nameservers.push(first);
    else if ((key === 'search' || key === 'domain') && words.every((one) => one === '.' || isHostname(one)))
      search = words;
    else if (key === 'options' && words.every((one) => /^[a-z][a-z0-9-]*(?::[0-9]{1,5})?$/.test(one)))
      options.push(...words);
    else rest.push(line);
  }
  return { dns: omitEmpty({ nameservers, search, options }), rest };
}

/** hosts(5), without the lines of localhost, which every namespace has. */
function hostsWords(lines: readonly string[]): FileWords {
  const hosts = new Map<string, string[]>();
  const rest: string[] = [];
  for (const line of lines) {
    const [address = '', ...names] = line.split(' ');
    if (names.includes('localhost') || names.includes('ip6-localhost')) continue;
    if (parseAddress(address) === null || names.length === 0 || !names.every(isHostname)) rest.push(line);
    else for (const name of names) hosts.set(name, [...(hosts.get(name) ?? []), address]);
  }
  const entries = [...hosts].map(([name, addresses]) => [name, oneOrList(addresses)] as const);
  return { dns: omitEmpty({ hosts: Object.fromEntries(entries) }), rest };
}

/** nsswitch.conf(5): its line of hosts. */
function orderWords(lines: readonly string[]): FileWords {
  const found = lines.find((line) => line.startsWith('hosts:'));
  const order = found?.slice('hosts:'.length).trim().split(' ') ?? [];
  return { dns: omitEmpty({ order }), rest: lines.filter((line) => line !== found) };
}
