import type { DnsData, DnsForward, DnsZone } from '../model/lab-parts/dns-data.ts';
import { defineProgram } from './define-program.ts';
import { type DnsServerOptions, dnsReady, signName, signOf, signText } from './dns-server.ts';
import { zoneFile } from './zone-file.ts';

const COREFILE = 'Corefile';
const HOSTS = 'hosts';

/** CoreDNS, with a Corefile that is made from the zones or that the file gives. Debian has no package of it. */
export const coredns = defineProgram<DnsServerOptions>({
  name: 'coredns',
  packages: [],
  render: ({ given, lab, data }, { folder }) => {
    if (given !== null) return { [COREFILE]: given };
    const files = renderedFiles(lab, data, folder);
    const sign = { name: signName(lab), type: 'TXT', texts: [signText(Object.values(files))] } as const;
    return { ...files, [`${signName(lab)}.zone`]: zoneFile({ name: signName(lab), records: [sign] }) };
  },
  command: (_options, { folder }) => ['-conf', `${folder}/${COREFILE}`],
  reload: 'USR1',
  ready: (options, { folder }) =>
    dnsReady(options, [signOf(options.lab, Object.values(renderedFiles(options.lab, options.data, folder)))]),
});

/** Everything but the zone with the sign. */
function renderedFiles(lab: string, data: DnsData, folder: string): { readonly [file: string]: string } {
  const bind = data.listen === null ? [] : [`bind ${data.listen.join(' ')}`];
  const hasDefault = data.forwards.some(({ zone }) => zone === null);
  const names = ['hosts', `${folder}/${HOSTS}`, '{'].join(' ');
  const blocks = [
    ...data.zones.map(({ name }) =>
      block(name, [...bind, ...reverseLines(name, folder), `file ${folder}/${name}.zone`]),
    ),
    block(signName(lab), [...bind, `file ${folder}/${signName(lab)}.zone`]),
    ...data.forwards.flatMap((one) => (one.zone === null ? [] : [block(one.zone, [...bind, forwardLine(one)])])),
    block('.', [
      ...bind,
      names,
      '    ttl 1',
      ...(hasDefault ? ['    fallthrough'] : []),
      '}',
      ...data.forwards.flatMap((one) => (one.zone === null ? [forwardLine(one)] : [])),
    ]),
  ];
  return {
    [COREFILE]: blocks.join(''),
    [HOSTS]: hostsText(data),
    ...Object.fromEntries(data.zones.map((zone: DnsZone) => [`${zone.name}.zone`, zoneFile(zone)])),
  };
}

const block = (zone: string, lines: readonly string[]): string =>
  [`${zone}:53 {`, ...[...lines, 'errors'].map((line) => `    ${line}`), '}', ''].join('\n');

/** A zone of reverse names also has those of the addresses that the server knows. */
const reverseLines = (zone: string, folder: string): readonly string[] =>
  /\.(?:in-addr|ip6)\.arpa$/.test(zone) ? [`hosts ${folder}/${HOSTS} {`, '    ttl 1', '    fallthrough', '}'] : [];

const forwardLine = ({ servers }: DnsForward): string => `forward . ${servers.join(' ')}`;

const hostsText = ({ names, reverse }: DnsData): string =>
  [...new Set([...reverse, ...names].map(({ address, name }) => `${address} ${name}\n`))].join('');
