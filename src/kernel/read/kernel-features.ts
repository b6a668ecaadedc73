import { type LinkKind, type LinkKinds, linkKindOf } from '../../model/link-kind.ts';
import { addPlainLinkMessage, LOOPBACK_INDEX } from '../netlink/link.ts';
import { probeQueueMessage } from '../netlink/queues/qdisc.ts';
import { closeNetlinkSocket, exchangeMessages, openNetlinkSocket } from '../netlink/socket.ts';
import { inScratchNetns } from '../netns/netns.ts';

const linkKindSupport = new Map<string, boolean>();
const queueKindSupport = new Map<string, boolean>();

/** The link kinds that the kernel refuses, tried in a scratch namespace once per process. */
export function findMissingLinkKinds(wanted: readonly string[]): readonly string[] {
  const unknown = wanted.filter((kind) => !linkKindSupport.has(kind));
  if (unknown.length > 0) inScratchNetns(() => probeLinkKinds(unknown));
  return wanted.filter((kind) => linkKindSupport.get(kind) === false);
}

const vlanSupport = new Map<string, boolean>();

/** Whether the kernel makes a link of a kind that keeps VLANs apart; tried once per process. Other options of VLANs it takes without effect. */
export function canFilterVlans(kind: string, linkKinds: LinkKinds): boolean {
  const known = vlanSupport.get(kind) ?? inScratchNetns(() => tryVlanFiltering(linkKindOf(linkKinds, kind)));
  vlanSupport.set(kind, known);
  return known;
}

function tryVlanFiltering(kind: LinkKind): boolean {
  const socket = openNetlinkSocket();
  try {
    const data = kind.netlink.encode({ vlanFiltering: true }, { lower: null, peer: null });
    const [refusal] = exchangeMessages(socket, [addPlainLinkMessage('probe', kind.name, data)]);
    return refusal?.code !== 'EOPNOTSUPP';
  } finally {
    closeNetlinkSocket(socket);
  }
}

/** The kinds of queueing disciplines that the kernel lacks, tried likewise. */
export function findMissingQueueKinds(wanted: readonly string[]): readonly string[] {
  const unknown = wanted.filter((kind) => !queueKindSupport.has(kind));
  if (unknown.length > 0) inScratchNetns(() => probeQueueKinds(unknown));
  return wanted.filter((kind) => queueKindSupport.get(kind) === false);
}

function probeQueueKinds(unknown: readonly string[]): void {
  const socket = openNetlinkSocket();
  try {
    const messages = unknown.map((kind) => probeQueueMessage(LOOPBACK_INDEX, kind));
    exchangeMessages(socket, messages).forEach((refusal, i) => {
      const isMissing = refusal?.code === 'ENOENT' || refusal?.code === 'EOPNOTSUPP';
      queueKindSupport.set(unknown[i] ?? '', !isMissing);
    });
  } finally {
    closeNetlinkSocket(socket);
  }
}

function probeLinkKinds(unknown: readonly string[]): void {
  const socket = openNetlinkSocket();
  try {
    const refusals = exchangeMessages(
      socket,
      unknown.map((kind, i) => addPlainLinkMessage(`probe${i}`, kind)),
    );
    refusals.forEach((refusal, i) => void linkKindSupport.set(unknown[i] ?? '', refusal?.code !== 'EOPNOTSUPP'));
  } finally {
    closeNetlinkSocket(socket);
  }
}
