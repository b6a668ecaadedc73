import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { netnsCommand, shellCommand } from '../shell-commands.ts';
import type { ConntrackInstruction } from './types.ts';

/**
 * `conntrack -D`, a line for each flow. It fails where there is none. It knows no ranges of ports, nor what an address of
 * the machine's own is, nor how to spare a network's connections that are translated already or by a forward too.
 */
export const conntrackShell = ({ netns, flows }: ConntrackInstruction): readonly string[] =>
  flows.map((flow) => {
    const { family, protocol, from, to } = flow;
    const isHere = to === 'here';
    const line = shellCommand(
      netnsCommand(netns, 'conntrack -D'),
      `-f ipv${family}`,
      protocol === null ? null : `-p ${protocol === 'icmp' && family === 6 ? 'icmpv6' : protocol}`,
      from === null ? null : `-s ${from}`,
      to === null ? null : `-d ${isHere ? '$address' : to}`,
      ...portOptions(flow),
      ...translationOptions(flow),
      '2>/dev/null || :',
    );
    return onEachPort(flow, isHere ? `for address in ${ownAddresses(netns, family)}; do ${line}; done` : line);
  });

function portOptions({ ports, translated }: ConntrackMatch): readonly string[] {
  if (ports === null) return [];
  const isRange = ports.last > ports.first;
  const portText = (first: number): string => (isRange ? `$((${first} + at))` : `${first}`);
  const target = translated !== null && 'to' in translated ? translated.to.ports.first : null;
  return [
    `--orig-port-dst ${portText(ports.first)}`,
    ...(target === null ? [] : [`--reply-port-src ${portText(target)}`]),
  ];
}

function translationOptions({ to, translated }: ConntrackMatch): readonly string[] {
  if (translated === null) return to === null ? [] : [`-r ${to === 'here' ? '$address' : to}`];
  if ('to' in translated) return [`--dst-nat ${translated.to.address}`];
  return [translated.as === null ? '--src-nat' : `--src-nat ${translated.as}`];
}

const onEachPort = ({ ports }: ConntrackMatch, line: string): string =>
  ports === null || ports.last === ports.first
    ? line
    : `for at in $(seq 0 ${ports.last - ports.first}); do ${line}; done`;

const ownAddresses = (netns: string, family: 4 | 6): string =>
  `$(${netnsCommand(netns, 'ip')} -${family} -o address | awk '{ sub("/.*", "", $4); print $4 }')`;
