import { setTimeout } from 'node:timers/promises';
import { codeOf, sentenceIn } from '../kernel/errno.ts';
import { openPackets, type PacketSource } from '../kernel/packets.ts';
import { generalSentence } from '../kernel/sentences.ts';
import { makeSessions } from '../kernel/sessions.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Packet } from '../model/packet.ts';
import { onMachine } from './session.ts';
import { onSignals } from './signals.ts';
import { endMeant } from './whereabouts.ts';

const POLL_MS = 20;

/** Where packets go. False of either: nobody wants more. */
export type Sink = {
  readonly begin: (linkType: number) => boolean;
  readonly take: (packets: readonly Packet[]) => boolean;
};

export type Capture = {
  /** `red:eth0`. */
  readonly end: string;
  /** In the language of pcap-filter(7); null: everything. */
  readonly filter: string | null;
  /** How many packets, and for how long at most; null: until something else ends it. */
  readonly count: number | null;
  readonly seconds: number | null;
  readonly sink: Sink;
};

/** `gone`: the link vanished. */
export type Captured = { readonly packets: number; readonly lost: number; readonly gone: boolean };

/** Hands on what passes a link until enough has, time is over, the link vanishes, or INT, TERM or HUP comes. */
export const capture = ({ end, filter, count, seconds, sink }: Capture): Promise<Captured> =>
  onMachine(async () => {
    const { netns, name } = endMeant(end);
    const sessions = makeSessions();
    try {
      const source = explained(end, () => openPackets(sessions.open(netns), name, filter));
      // Not before: a long filter is compiled for as long as nobody interrupts it.
      let stopped = false;
      const release = onSignals(() => {
        stopped = true;
      });
      const deadline = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
      const isOver = () => stopped || performance.now() >= deadline;
      try {
        return await pump(source, { count: count ?? Number.POSITIVE_INFINITY, isOver, sink });
      } finally {
        release();
        source.close();
      }
    } finally {
      sessions.closeAll();
    }
  });

type Until = { readonly count: number; readonly isOver: () => boolean; readonly sink: Sink };

async function pump(source: PacketSource, { count, isOver, sink }: Until): Promise<Captured> {
  let packets = 0;
  let isWanted = sink.begin(source.linkType);
  while (isWanted && packets < count && !isOver()) {
    const some = nextOf(source);
    if (some === null) return { packets, lost: source.lost(), gone: true };
    const wanted = some.slice(0, count - packets);
    packets += wanted.length;
    if (wanted.length > 0) isWanted = sink.take(wanted);
    else await setTimeout(POLL_MS);
  }
  return { packets, lost: source.lost(), gone: false };
}

function nextOf(source: PacketSource): readonly Packet[] | null {
  try {
    return source.next();
  } catch (error) {
    if (codeOf(error) === 'ENODEV') return null;
    throw error;
  }
}

function explained<T>(end: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    if (code === null || code.startsWith('E_')) throw error;
    throw netformError(
      'E_CAPTURE',
      EXIT.usage,
      `cannot listen on ${end}: ${sentenceIn(error) ?? generalSentence(code)}`,
      {
        hint: 'netform show lists the interfaces of a lab',
      },
    );
  }
}
