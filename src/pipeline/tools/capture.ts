import { setTimeout } from 'node:timers/promises';
import { errorCode, errorSentence } from '../../kernel/errno.ts';
import { errnoMessage } from '../../kernel/execute/errno-message.ts';
import { bindPlaces } from '../../kernel/netns/places/bind-places.ts';
import { makeNetnsSessions } from '../../kernel/netns/sessions.ts';
import { openPacketSource, type PacketSource } from '../../kernel/packets/capture.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { Packet } from '../../model/kernel/packet.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { containerNeed } from '../../registry/containers.ts';
import { withMachine } from '../host-session.ts';
import { resolveLiveEndpoint } from '../resolve/endpoint.ts';
import { onSignals } from '../run/signals.ts';
import type { Session } from '../session.ts';

const POLL_MS = 20;

/** Where packets go. False from either function ends the capture. */
export type PacketConsumer = {
  readonly begin: (linkType: number) => boolean;
  readonly take: (packets: readonly Packet[]) => boolean;
};

/** What to capture, and when to stop. */
export type CaptureOptions = {
  /** `red:eth0`. */
  readonly endpoint: string;
  /** In the language of pcap-filter(7); null: everything. */
  readonly filter: string | null;
  /** How many packets, and for how long at most; null: until something else ends it. */
  readonly count: number | null;
  readonly seconds: number | null;
  readonly sink: PacketConsumer;
};

/** `gone`: the link vanished. */
export type CaptureResult = { readonly packets: number; readonly lost: number; readonly gone: boolean };

/** Hands on what passes a link until enough has, time is over, the link vanishes, or INT, TERM or HUP comes. */
export const capture = (session: Session, options: CaptureOptions): Promise<CaptureResult> =>
  withMachine(session, async (opened) => {
    const { endpoint: end, filter, count, seconds, sink } = options;
    const { netns, place, name } = resolveLiveEndpoint(opened, end);
    const sessions = makeNetnsSessions();
    bindPlaces(sessions, place === null ? [] : [containerNeed(netns, place)]);
    try {
      const source = withCaptureError(end, () => openPacketSource(sessions.open(netns), name, filter));
      // Not before: the compilation of a long filter could not be interrupted.
      let stopped = false;
      const release = onSignals(() => {
        stopped = true;
      });
      const deadline = elapsedMs() + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
      const isOver = () => stopped || elapsedMs() >= deadline;
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

type CapturePump = { readonly count: number; readonly isOver: () => boolean; readonly sink: PacketConsumer };

async function pump(source: PacketSource, { count, isOver, sink }: CapturePump): Promise<CaptureResult> {
  let packets = 0;
  let isWanted = sink.begin(source.linkType);
  while (isWanted && packets < count && !isOver()) {
    const some = nextPackets(source);
    if (some === null) return { packets, lost: source.lost(), gone: true };
    const wanted = some.slice(0, count - packets);
    packets += wanted.length;
    if (wanted.length > 0) isWanted = sink.take(wanted);
    else await setTimeout(POLL_MS);
  }
  return { packets, lost: source.lost(), gone: false };
}

function nextPackets(source: PacketSource): readonly Packet[] | null {
  try {
    return source.next();
  } catch (error) {
    if (errorCode(error) === 'ENODEV') return null;
    throw error;
  }
}

function withCaptureError<T>(end: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = errorCode(error);
    if (code === null || code.startsWith('E_')) throw error;
    throw netformError(
      'E_CAPTURE',
      EXIT.usage,
      `cannot listen on ${end}: ${errorSentence(error) ?? errnoMessage(code)}`,
      {
        hint: 'netform show lists the interfaces of a lab',
      },
    );
  }
}
