import type { Lab } from '../model/lab.ts';
import type { DiagnosisContext, DoctorRule } from './rule.ts';

const NFTABLES = '/etc/nftables.conf';
const FLUSH = /^[ \t]*flush ruleset[ \t;]*$/m;

/** A firewall file that removes every table when it is loaded. */
export const nftablesFlushRule: DoctorRule = {
  name: 'nftables-flush',
  title: 'Loading the firewall removes the tables of labs',
  explain:
    'The nftables.conf that Debian ships begins with `flush ruleset`: each start or reload of nftables.service removes the tables of all programs, including those of labs. With the remedy it removes its own tables only. `netform apply` restores what was removed.',
  find: ({ survey }) => {
    const text = survey.files.get(NFTABLES) ?? '';
    if (!FLUSH.test(text) || !survey.units.has('nftables.service')) return [];
    const tables = [
      ...text.matchAll(/^[ \t]*table[ \t]+(?:(ip|ip6|inet|arp|bridge|netdev)[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*\{/gm),
    ];
    const own = [...new Set(tables.map(([, family = 'ip', name = '']) => `${family} ${name}`))];
    const lines = own.flatMap((table) => [`table ${table}`, `delete table ${table}`]);
    return [
      {
        severity: 'warning',
        what: 'nftables.service is on, and its file removes every table',
        breaks: 'a reload of the firewall takes away the NAT and the port forwards of every lab',
        where: `${NFTABLES}: flush ruleset`,
        remedy: [`sed -i 's/^[[:space:]]*flush ruleset[[:space:];]*$/${lines.join('\\n')}/' ${NFTABLES}`],
        fix: null,
      },
    ];
  },
};

/** systemd-networkd removes routes and rules that it did not make. */
export const networkdRoutesRule: DoctorRule = {
  name: 'networkd-foreign-routes',
  title: 'systemd-networkd removes the routes of others',
  explain:
    'When systemd-networkd restarts it removes routes and rules of this machine that it did not create, unless its configuration says otherwise. The remedy configures it; it takes effect at the next start. Namespaces are not affected.',
  find: ({ survey, labs }) => {
    if (!survey.units.has('systemd-networkd.service')) return [];
    const values = settings(survey.files, /^\/(?:etc|run|usr\/lib)\/systemd\/networkd\.conf(?:\.d\/[^/]+\.conf)?$/);
    const kept = ['ManageForeignRoutes', 'ManageForeignRoutingPolicyRules'].filter((key) => !isOff(values.get(key)));
    if (kept.length === 0) return [];
    const folder = '/etc/systemd/networkd.conf.d';
    const routed = labs.filter(({ routes, rules }) => [...routes, ...rules].some(({ netns }) => netns === 'host'));
    return [
      {
        severity: 'warning',
        what: 'systemd-networkd removes routes and rules that it did not make',
        breaks:
          routed.length > 0
            ? `its restart takes routes or rules of ${routed.map(({ name }) => name).join(', ')}`
            : 'its restart takes what a lab routes on this machine',
        where: `/etc/systemd/networkd.conf: ${kept.join(', ')}`,
        remedy: [
          `mkdir -p ${folder}`,
          `printf '[Network]\\nManageForeignRoutes=no\\nManageForeignRoutingPolicyRules=no\\n' >${folder}/50-netform.conf`,
        ],
        fix: null,
      },
    ];
  },
};

/** NetworkManager takes up links that come. */
export const networkManagerRule: DoctorRule = {
  name: 'network-manager',
  title: 'NetworkManager may manage links of labs',
  explain:
    'NetworkManager manages bridges and other new links, and may give them addresses or set them down. The remedy makes the links of the lab unmanaged for it; `systemctl reload NetworkManager` loads that setting.',
  find: ({ survey, labs }) => {
    if (!survey.units.has('NetworkManager.service')) return [];
    const text = [...survey.files].filter(([path]) => path.includes('/NetworkManager/')).map(([, content]) => content);
    const links = linksOf(labs).filter((name) => !text.some((one) => one.includes(`interface-name:${name}`)));
    if (links.length === 0) return [];
    const folder = '/etc/NetworkManager/conf.d';
    const devices = links.map((name) => `interface-name:${name}`).join(';');
    return [
      {
        severity: 'warning',
        what: `NetworkManager manages ${links.join(', ')}`,
        breaks: 'it may give a link of the lab other addresses, or take it down',
        where: '/etc/NetworkManager: no unmanaged-devices for them',
        remedy: [
          `mkdir -p ${folder}`,
          `printf '[keyfile]\\nunmanaged-devices+=${devices}\\n' >${folder}/50-netform-${labs[0]?.name}.conf`,
        ],
        fix: null,
      },
    ];
  },
};

/** A .link file that gives links a MAC of its own. */
export const udevMacAddressRule: DoctorRule = {
  name: 'udev-mac-address',
  title: 'udev gives links of labs another MAC',
  explain:
    'A .link file of systemd with `MACAddress=` changes the MAC of each link that it matches, also of one that was made with a MAC of its own (`MACAddressPolicy=` alone leaves those alone). The first file that matches wins: the remedy puts one before it.',
  find: ({ survey, labs }) => {
    const links = linksOf(labs);
    const files = [...survey.files]
      .filter(([path]) => path.endsWith('.link'))
      .sort(([a], [b]) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const hit = links.flatMap((link) => {
      const first = files.find(([, text]) => matches(text, link));
      return first && /^[ \t]*MACAddress[ \t]*=/m.test(first[1]) ? [{ link, path: first[0] }] : [];
    });
    const [one] = hit;
    if (!one) return [];
    const names = hit.map(({ link }) => link).join(' ');
    return [
      {
        severity: 'error',
        what: `${one.path} gives ${names} another MAC`,
        breaks: 'the lab is never as its file says, and every apply fails',
        where: one.path,
        remedy: [
          'mkdir -p /etc/systemd/network',
          `printf '[Match]\\nOriginalName=${names}\\n[Link]\\nMACAddressPolicy=none\\n' >/etc/systemd/network/00-netform.link`,
        ],
        fix: null,
      },
    ];
  },
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether a link's name is in `OriginalName=`, with `*` for any text. Files that match by other keys are ignored. */
function matches(text: string, link: string): boolean {
  const patterns = /^[ \t]*OriginalName[ \t]*=[ \t]*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  return patterns.some(
    (pattern) => pattern === link || (pattern.endsWith('*') && link.startsWith(pattern.slice(0, -1))),
  );
}

/** The names of the labs' links on this machine itself. */
const linksOf = (labs: DiagnosisContext['labs']): readonly string[] => [...new Set(labs.flatMap(linksOfLab))];

const linksOfLab = ({ bridges, cables, links }: Lab): readonly string[] => [
  ...[...bridges, ...links].filter(({ netns }) => netns === 'host').map(({ name }) => name),
  ...cables.flatMap(({ ends }) => ends.filter(({ netns }) => netns === 'host').map(({ name }) => name)),
];

/** `KEY=VALUE` of those files, the later name winning, as systemd reads them. */
function settings(files: ReadonlyMap<string, string>, path: RegExp): ReadonlyMap<string, string> {
  const read = [...files].filter(([name]) => path.test(name)).sort(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return new Map(
    read.flatMap(([, text]) =>
      [...text.matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*(\S*)/gm)].map((m) => [m[1] ?? '', m[2] ?? ''] as const),
    ),
  );
}

const orderOf = (path: string): string => (path.includes('.d/') ? `1${nameOf(path)}` : '0');

const isOff = (value: string | undefined): boolean => ['no', 'false', '0', 'off'].includes((value ?? '').toLowerCase());
