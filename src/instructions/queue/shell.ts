import { rateBurst, TBF_LATENCY_MS } from '../../model/kernel/impairment.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { shellCommand } from '../shell-commands.ts';
import { netemArguments } from './netem-arguments.ts';
import type { QueueInstruction } from './types.ts';

/** `tc qdisc replace|delete dev NAME root handle 4e46:`. */
export function queueShell(instruction: QueueInstruction): readonly string[] {
  const { netns, dev, handle } = instruction;
  const tc = netns === 'host' ? 'tc' : `tc -n ${shellWord(netns)}`;
  if (instruction.do === 'queue.delete')
    return [shellCommand(tc, 'qdisc delete dev', shellWord(dev), 'root handle', handle)];
  const { kind, impairment } = instruction;
  const words =
    kind === 'netem'
      ? netemArguments(impairment)
      : ['rate', `${impairment.rate}bit`, 'burst', `${rateBurst(impairment.rate)}b`, 'latency', `${TBF_LATENCY_MS}ms`];
  return [shellCommand(tc, 'qdisc replace dev', shellWord(dev), 'root handle', handle, kind, ...words)];
}
