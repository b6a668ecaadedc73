import { shellWord } from '../../model/values/shell-word.ts';
import { bridgeCommand, shellCommand } from '../shell-commands.ts';
import type { BridgeFdbInstruction, FdbInstruction } from './types.ts';

/** `bridge fdb append|replace|del`. */
export function fdbShell(instruction: FdbInstruction): readonly string[] {
  if (!('to' in instruction)) return [bridgeEntryLine(instruction)];
  const { do: verb, netns, dev, mac, to, via } = instruction;
  const action = verb === 'fdb.append' ? 'append' : 'del';
  const way = via === null ? '' : `via ${shellWord(via)}`;
  return [shellCommand(bridgeCommand(netns), 'fdb', action, mac, 'dev', shellWord(dev), 'dst', to, way)];
}

function bridgeEntryLine({ do: verb, netns, dev, mac, vlan, self }: BridgeFdbInstruction): string {
  const isNew = verb === 'fdb.replace';
  const state = !isNew ? '' : self ? 'permanent' : 'static';
  return shellCommand(
    bridgeCommand(netns),
    `fdb ${isNew ? 'replace' : 'del'} ${mac} dev`,
    shellWord(dev),
    vlan === null ? '' : `vlan ${vlan}`,
    self ? 'self' : 'master',
    state,
  );
}
