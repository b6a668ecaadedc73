import { netnsId, netnsLinkId } from '../model/ids.ts';
import { orphanSentences } from '../model/results/orphan.ts';
import { shellWord } from '../model/values/shell-word.ts';
import type { DoctorRule } from './rule.ts';

/** Namespaces that only we would see. */
export const slaveMountRule: DoctorRule = {
  name: 'slave-mount',
  title: 'Namespaces created here are invisible to other programs',
  explain:
    'In a service with PrivateMounts or ProtectSystem, or in a container, what is mounted in /run/netns does not reach the machine: there the namespaces are dead files. The remedy runs netform where process 1 lives.',
  find: ({ survey }) =>
    survey.slaveMount === null
      ? []
      : [
          {
            severity: 'error',
            what: `${survey.slaveMount} is a slave mount: what is mounted below it stays in this process's view`,
            breaks: 'other programs see dead files instead of the namespaces of a lab',
            where: `/proc/self/mountinfo: ${survey.slaveMount}`,
            remedy: ['nsenter --target 1 --mount -- netform doctor'],
            fix: null,
          },
        ],
};

/** Names under /run/netns that are not namespaces. */
export const deadNamespaceRule: DoctorRule = {
  name: 'dead-namespace',
  title: 'A name in /run/netns is not a namespace',
  explain:
    'When a program is killed while it creates or deletes a namespace, or when the machine reboots and /run is on a disk, a plain file is left under /run/netns. It cannot be entered, and no namespace of that name can be created. `--fix` removes the files that the state of a lab knows; the remedy removes the others.',
  find: ({ survey, states }) => {
    // The container that it leads to may not run now.
    const isContainerLink = (name: string) =>
      states.some(({ resources }) => resources.some(({ id }) => id === netnsLinkId(name)));
    return survey.namespaces
      .filter(({ alive, name }) => !alive && !isContainerLink(name))
      .map(({ name, leftover }) => {
        const lab = states.find(({ resources }) => resources.some(({ id }) => id === netnsId(name)));
        return {
          severity: 'warning',
          what: `${name} is a dead file in /run/netns${lab ? ` (of the lab ${lab.lab})` : ''}`,
          breaks: `no namespace of the name ${name} can be made`,
          where: `/run/netns/${name}`,
          remedy: [`rm -f ${shellWord(`/run/netns/${name}`)}`],
          fix: lab && leftover ? { instructions: [{ do: 'netns.delete', netns: name, leftover: true }] } : null,
        };
      });
  },
};

/** Labs that a reboot has taken. */
export const earlierBootRule: DoctorRule = {
  name: 'earlier-boot',
  title: 'A lab was applied before the last reboot',
  explain:
    'A reboot deletes namespaces, links and rules; the state of the lab and its files remain. `netform apply` creates the lab again, `netform destroy` removes what is left of it.',
  find: ({ states, live }) =>
    states
      .filter(({ bootId }) => bootId !== live.get({ need: 'machine' })?.bootId)
      .map(({ lab, file, appliedAt }) => ({
        severity: 'warning',
        what: `the lab ${lab} was applied before the last boot (${appliedAt})`,
        breaks: 'nothing of it is there but its files',
        where: `/var/lib/netform/${lab}/state.json`,
        remedy: [file === null ? `netform destroy ${lab} --yes` : `netform apply --yes ${shellWord(file)}`],
        fix: null,
      })),
};

/** Interrupted runs. */
export const interruptedRunRule: DoctorRule = {
  name: 'interrupted-run',
  title: 'A run was interrupted',
  explain:
    'The journal of a run that was killed is still open: the machine is between two states. Every apply and destroy first recovers it; `netform recover` and `--fix` do so at once.',
  find: ({ unfinished }) =>
    unfinished
      .filter(({ outcome }) => outcome !== 'pending')
      .map(({ lab, command, outcome }) => ({
        severity: 'error',
        what: outcome === 'damaged' ? `the journal of the lab ${lab} is damaged` : `\`${command}\` was interrupted`,
        breaks: `the lab ${lab} is between two states`,
        where: `/var/lib/netform/${lab}/journal`,
        remedy: [`netform recover ${lab}`],
        fix: outcome === 'damaged' ? null : { recover: lab },
      })),
};

/** Marked objects without a record. */
export const unrecordedRule: DoctorRule = {
  name: 'unrecorded',
  title: 'Marked objects without a record',
  explain:
    'Objects carry the mark of a lab, but no record of a lab on this machine has them: `netform forget` was used, or `/var/lib/netform` was lost. `netform recover --orphans` lists and deletes them; with the file of the lab, `netform recover --orphans FILE`, it records them again.',
  find: ({ orphans = [] }) =>
    orphanSentences(orphans).map((what) => ({
      severity: 'warning',
      what,
      breaks: 'destroy and apply leave it as it is, and its names and subnets stay taken',
      where: '/var/lib/netform',
      remedy: ['netform recover --orphans'],
      fix: null,
    })),
};
