import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import { sysctlName } from '../../model/ids.ts';
import type { SysctlTrial } from '../../model/kernel/live-state.ts';
import type { LiveState, NeedOf } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A sysctl that this kernel does not have, or whose value it does not take. */
export const refusedSysctl: MachineCheck = {
  name: 'refused-sysctl',
  code: 'NF3019',
  title: 'Sysctl that the kernel refuses',
  explain:
    'This kernel has no such key in a namespace (it is misspelt, or of a module that is not loaded), or it does not take the value. `plan` writes the sysctls of the file in a namespace that it makes for a moment, and reports what the kernel answers.',
  bad: `
namespaces:
  red: { sysctls: { net.ipv4.tcp_timestampz: 0 } }
`,
  good: `
namespaces:
  red: { sysctls: { net.ipv4.tcp_timestamps: 0 } }
`,
  query: (lab) => writtenLists(lab).map(trialNeed),
  find: (lab, live) => writtenLists(lab).flatMap((list) => inList(list, live)),
};

type WrittenSysctl = { readonly key: string; readonly value: string; readonly at: Path };

/** What the file writes in each namespace, in the order in which it is applied; of the machine what a namespace has too. */
function writtenLists(lab: Lab): readonly (readonly WrittenSysctl[])[] {
  const written = lab.sysctls.filter(({ reason, at }) => reason === null && at.includes('sysctls'));
  const lists = [
    ...lab.namespaces.map(({ name, writtenSysctls = [] }) => [
      ...writtenSysctls,
      ...written.filter(({ netns }) => netns === name),
    ]),
    written.filter(({ netns, key }) => netns === 'host' && DEVICE_KEY.test(key)),
  ];
  return lists.filter((list) => list.length > 0);
}

const DEVICE_KEY = /^(net\/ipv[46]\/(?:conf|neigh)\/)([^/]+)(\/.+)$/;

/** A new namespace has one device, `lo`, with the same settings as any other. */
const triedKey = (key: string): string =>
  key.replace(DEVICE_KEY, (whole, before: string, dev: string, after: string) =>
    dev === 'all' || dev === 'default' ? whole : `${before}lo${after}`,
  );

function trialNeed(list: readonly WrittenSysctl[]): NeedOf<'sysctl-trial'> {
  const settings = list.map(({ key, value }) => [triedKey(key), value] as const);
  return { need: 'sysctl-trial', key: JSON.stringify(settings), settings };
}

function inList(list: readonly WrittenSysctl[], live: LiveState): readonly Diagnostic[] {
  const answers = live.get(trialNeed(list)) ?? [];
  return list.flatMap((one, i) => {
    const answer = answers[i] ?? 'fine';
    return answer === 'fine' ? [] : [refusal(one, answer)];
  });
}

function refusal({ key, value, at }: WrittenSysctl, answer: Exclude<SysctlTrial, 'fine'>): Diagnostic {
  const name = sysctlName(key);
  if (answer === 'refused') {
    return makeDiagnostic('refused-sysctl', atValue(at), `this kernel refuses the value "${value}" of ${name}`, {
      hint: 'see the documentation of the kernel, Documentation/networking/ip-sysctl.rst, for the values it takes',
    });
  }
  const message =
    answer === 'missing' ? `this kernel has no ${name} in a namespace` : `${name} can only be read in a namespace`;
  const hint =
    answer === 'missing' ? 'it may be misspelt, or of a module that is not loaded: see "sysctl -a"' : 'leave it out';
  return makeDiagnostic('refused-sysctl', atKey(at), message, { hint });
}
