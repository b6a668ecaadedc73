import { addPlainLink } from './netlink/link.ts';
import { addNetem } from './netlink/qdisc.ts';
import { closeSocket, exchange, openSocket } from './netlink/socket.ts';
import { inScratch } from './netns.ts';

const kinds = new Map<string, boolean>();

/** Those link kinds that the kernel refuses, found out in a namespace that nobody sees. Asked once a process. */
export function missingLinkKinds(wanted: readonly string[]): readonly string[] {
  const unknown = wanted.filter((kind) => !kinds.has(kind));
  if (unknown.length > 0) inScratch(() => probe(unknown));
  return wanted.filter((kind) => kinds.get(kind) === false);
}

/** Whether the kernel can delay and lose packets, tried likewise. */
export const hasNetem = (): boolean =>
  inScratch(() => {
    const socket = openSocket();
    try {
      const [refusal] = exchange(socket, [addNetem(LOOPBACK_INDEX)]);
      return refusal?.code !== 'ENOENT' && refusal?.code !== 'EOPNOTSUPP';
    } finally {
      closeSocket(socket);
    }
  });

const LOOPBACK_INDEX = 1;

function probe(unknown: readonly string[]): void {
  const socket = openSocket();
  try {
    const refusals = exchange(
      socket,
      unknown.map((kind, i) => addPlainLink(`probe${i}`, kind)),
    );
    refusals.forEach((refusal, i) => void kinds.set(unknown[i] ?? '', refusal?.code !== 'EOPNOTSUPP'));
  } finally {
    closeSocket(socket);
  }
}
