import { shellWord } from '../../model/values/shell-word.ts';
import { shellCommand } from '../shell-commands.ts';
import type { FdbInstruction } from './types.ts';

/** `bridge fdb append|del`. */
export function fdbShell({ do: verb, netns, dev, mac, to, via }: FdbInstruction): readonly string[] {
  const program = netns === 'host' ? 'bridge' : `bridge -n ${shellWord(netns)}`;
  const action = verb === 'fdb.append' ? 'append' : 'del';
  const way = via === null ? '' : `via ${shellWord(via)}`;
  return [shellCommand(program, 'fdb', action, mac, 'dev', shellWord(dev), 'dst', to, way)];
}
