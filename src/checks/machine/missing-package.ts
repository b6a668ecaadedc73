import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import type { LabProcess } from '../../model/kernel/lab-process.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { PROGRAM_PATH } from '../../model/kernel/program-path.ts';
import type { Lab, LabFile } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A missing package that a part of the lab needs to be created or used. */
export const missingPackage: MachineCheck = {
  name: 'missing-package',
  code: 'NF3006',
  rank: 10,
  title: 'Missing package',
  explain:
    '`nat`, `portForwards` and `publish` need the nftables library, and what runs a program needs that program. A conflist without any CNI plugin on the machine is a warning, unless an interface is attached to a network: its file may be written before the plugins are installed.',
  bad: `
nat: [{ masquerade: any }]
`,
  good: `
namespaces: { red: {} }
`,
  query: (lab) => [
    ...(lab.nft.length > 0 ? [{ need: 'missing-nft' } as const] : []),
    ...machinePrograms(lab).map(({ command: [key] }) => ({ need: 'program', key }) as const),
    ...(lab.files.some(callsPlugins) ? [{ need: 'plugin-names' } as const] : []),
  ],
  find: (lab, live) => {
    const rule = lab.nft[0];
    const file = lab.files.find(callsPlugins);
    const missingNft = rule ? live.get({ need: 'missing-nft' }) : null;
    const noPlugins = file !== undefined && live.get({ need: 'plugin-names' })?.length === 0;
    return [
      ...missingPrograms(lab, live),
      ...(missingNft !== null && rule
        ? [
            makeDiagnostic(
              'missing-package',
              atValue(rule.at),
              'nat and forwards need nftables, which this machine does not have',
              {
                hint: missingNft,
              },
            ),
          ]
        : []),
      ...(noPlugins
        ? [
            makeDiagnostic('missing-package', atKey(file.at), 'this machine has no CNI plugins', {
              severity: lab.attachments.length > 0 ? 'error' : 'warning',
              hint: 'install them: apt-get install containernetworking-plugins; or name their folders: --cni-path',
            }),
          ]
        : []),
    ];
  },
};

/** One for each program, where it is asked for first. */
function missingPrograms(lab: Lab, live: LiveState): readonly Diagnostic[] {
  const first = new Map(
    machinePrograms(lab)
      .map((one) => [one.command[0], one] as const)
      .reverse(),
  );
  return [...first]
    .reverse()
    .filter(([key]) => live.get({ need: 'program', key }) === null)
    .map(([name, one]) =>
      makeDiagnostic(
        'missing-package',
        atValue(one.at),
        `${name} is needed here${reasonText(one)}, and is not installed`,
        {
          hint:
            one.package === null
              ? `Debian has no package of it; it is looked for in ${PROGRAM_PATH.split(':').join(', ')}`
              : one.package === ''
                ? 'install it, or write its whole path: it was looked for in the folders of the system'
                : `install it: apt-get install ${one.package}`,
        },
      ),
    );
}

const reasonText = ({ reason }: LabProcess): string => (reason === undefined ? '' : ` ${reason}`);

/** The processes whose program the machine has to have: not those that are files of their namespace, or beside their folder. */
function machinePrograms({ processes, seenFiles }: Lab): Lab['processes'] {
  const seen = new Set(seenFiles.map(({ netns, path }) => `${netns}${path}`));
  return processes.filter(
    ({ netns, command: [program] }) => !seen.has(`${netns}${program}`) && !/^[^/]+\//.test(program),
  );
}

const callsPlugins = ({ plugins }: LabFile): boolean => plugins.length > 0;
