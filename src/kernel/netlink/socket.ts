import { decodeString, parseAttributes } from '../../net/netlink-attributes.ts';
import { callError, catchErrno, sysError } from '../errno.ts';
import {
  closeFd,
  errnoName,
  netlinkSocket,
  receiveDatagram,
  SO_RCVBUFFORCE,
  SOL_SOCKET,
  sendDatagram,
  setSocketOption,
} from '../libc.ts';
import { encodeMessage, type NetlinkMessage, type NetlinkReply, parseReplies } from './message.ts';

// linux/netlink.h, asm-generic/socket.h
const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_LISTEN_ALL_NSID = 8;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const SO_RCVBUF = 8;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLM_F_DUMP = 0x300;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const RECEIVE_BUFFER_BYTES = 1 << 20;
/** Each port that comes up is some notifications of two kilobytes. */
const LINK_LISTENER_BYTES = 1 << 23;
/** Acknowledgements beyond what the receive buffer holds are lost, the later ones without any error. */
const MAX_BATCH_MESSAGES = 128;
const DUMP_ATTEMPTS = 20;

// linux/rtnetlink.h, RTMGRP_*: links, and addresses and routes of both families.
const NO_GROUPS = 0;
const LINK_GROUP = 0x1;
const CHANGE_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;
/** RTNLGRP_NEIGH 3, TC 4, IPV4_RULE 8, IPV6_RULE 19, IPV4_NETCONF 24, IPV6_NETCONF 25 and NSID 28: bit n − 1 stands for n. */
const WATCH_GROUPS = CHANGE_GROUPS | 0x4 | 0x8 | 0x80 | 0x40000 | 0x800000 | 0x1000000 | 0x8000000;
/** RTNLGRP_IPV4_RULE and RTNLGRP_IPV6_RULE besides the changes: no neighbours, which come and go with traffic. */
const DRIFT_GROUPS = CHANGE_GROUPS | 0x80 | 0x40000;
/** linux/netfilter/nfnetlink.h: NFNLGRP_NFTABLES 7. */
const RULESET_GROUP = 0x40;

const inbox = Buffer.alloc(1 << 17);
let lastSequence = 0;

/** The kernel's refusal of a request. `text` is the sentence of its extended ACK; null without one. */
export type NetlinkRefusal = { readonly code: string; readonly text: string | null };

/** A NETLINK_ROUTE socket (or another's) of the namespace that the thread is in, with extended acknowledgements and strict checking. */
export function openNetlinkSocket(protocol = NETLINK_ROUTE): number {
  const fd = netlinkSocket(protocol, NO_GROUPS);
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK])
    setSocketOption(fd, [SOL_NETLINK, option], 1);
  return growReceiveBuffer(fd);
}

/** A socket of the namespace that the thread is in, which hears of changes of links, addresses and routes. */
export const openNetlinkListener = (): number => growReceiveBuffer(netlinkSocket(NETLINK_ROUTE, CHANGE_GROUPS));

/** A socket of the namespace that the thread is in, which hears of every change that NETLINK_ROUTE announces of what is read. */
export const openWatchListener = (): number => growReceiveBuffer(netlinkSocket(NETLINK_ROUTE, WATCH_GROUPS));

/** A socket of the namespace that the thread is in, which hears of links, addresses, routes and rules, and of nothing that traffic makes. */
export const openDriftListener = (): number => growReceiveBuffer(netlinkSocket(NETLINK_ROUTE, DRIFT_GROUPS));

/** A socket of the namespace that the thread is in, which hears of every change of nftables. */
export const openRulesetListener = (): number => growReceiveBuffer(netlinkSocket(NETLINK_NETFILTER, RULESET_GROUP));

/** `hearsOthers`: also of the namespaces that have a number in its own. That needs CAP_NET_BROADCAST. */
export type LinkListener = { readonly fd: number; readonly hearsOthers: boolean };

/** A socket that hears of changes of links in the namespace that the thread is in, and in all that have a number there. */
export function openLinkListener(): LinkListener {
  const fd = netlinkSocket(NETLINK_ROUTE, LINK_GROUP);
  const allowed = catchErrno(['EPERM'], () => setSocketOption(fd, [SOL_NETLINK, NETLINK_LISTEN_ALL_NSID], 1));
  return { fd: growReceiveBuffer(fd, LINK_LISTENER_BYTES), hearsOthers: allowed !== null };
}

/**
 * What a listener has heard since the last call, without waiting; `body` of each is valid until the next one. `lost`: there
 * was more than it had room for.
 */
export function readNotifications(listener: number, each: (reply: NetlinkReply) => void): { readonly lost: boolean } {
  let lost = false;
  for (;;) {
    const length = catchErrno(['EAGAIN'], () => notificationLength(listener));
    if (length === null) return { lost };
    if (length === 'lost' || length > inbox.length) lost = true;
    else for (const reply of parseReplies(inbox.subarray(0, length))) each(reply);
  }
}

const notificationLength = (listener: number): number | 'lost' =>
  catchErrno(['ENOBUFS'], () => receiveDatagram(listener, inbox)) ?? 'lost';

function growReceiveBuffer(fd: number, bytes = RECEIVE_BUFFER_BYTES): number {
  // Only the machine's own root may force it.
  const forced = catchErrno(['EPERM'], () => setSocketOption(fd, [SOL_SOCKET, SO_RCVBUFFORCE], bytes));
  if (forced === null) setSocketOption(fd, [SOL_SOCKET, SO_RCVBUF], bytes);
  return fd;
}

/** Closes a netlink socket. */
export const closeNetlinkSocket = (socket: number): void => closeFd(socket);

/**
 * Sends requests that do not depend on each other's success, many to a datagram: the kernel tries all, in order. Gives for
 * each a refusal or null. ENOBUFS when answers were lost.
 */
export function exchangeMessages(
  socket: number,
  messages: readonly NetlinkMessage[],
): readonly (NetlinkRefusal | null)[] {
  const results: (NetlinkRefusal | null)[] = [];
  for (let at = 0; at < messages.length; at += MAX_BATCH_MESSAGES)
    results.push(...exchangeBatch(socket, messages.slice(at, at + MAX_BATCH_MESSAGES)));
  return results;
}

/** One request; throws the refusal as an error with its code. */
export function sendMessage(socket: number, message: NetlinkMessage): void {
  const [refusal] = exchangeMessages(socket, [message]);
  throwNetlinkRefusal(refusal ?? null);
}

/** The body of the one answer to a request. Throws the refusal as an error with its code. */
export function requestReply(socket: number, message: NetlinkMessage): Buffer {
  const sequence = nextSequence(1);
  sendDatagram(socket, encodeMessage(message, sequence, NLM_F_REQUEST));
  for (;;) {
    for (const reply of receiveReplies(socket)) {
      if (reply.sequence !== sequence) continue;
      if (reply.type !== NLMSG_ERROR) return Buffer.from(reply.body);
      throwNetlinkRefusal(decodeRefusal(reply));
    }
  }
}

/**
 * Everything that a dump gives, decoded; null of `decode` leaves a message out. Repeated while the kernel says that
 * something changed meanwhile, which it says for links and addresses only. `decode` must not use any socket.
 */
export function dumpMessages<T>(
  socket: number,
  message: NetlinkMessage,
  decode: (body: Buffer) => T | null,
): readonly T[] {
  for (let attempt = 1; ; attempt++) {
    const { values, interrupted } = dumpOnce(socket, message, decode);
    if (!interrupted || attempt === DUMP_ATTEMPTS) return values;
  }
}

/** Throws a refusal as an error with its code, and the kernel's sentence where it has one. */
export function throwNetlinkRefusal(refusal: NetlinkRefusal | null): void {
  if (!refusal) return;
  throw refusal.text === null ? callError('netlink', refusal.code) : sysError(refusal.code, refusal.text);
}

function exchangeBatch(socket: number, messages: readonly NetlinkMessage[]): readonly (NetlinkRefusal | null)[] {
  const first = nextSequence(messages.length);
  sendDatagram(
    socket,
    Buffer.concat(messages.map((message, i) => encodeMessage(message, first + i, NLM_F_REQUEST | NLM_F_ACK))),
  );
  const results = new Map<number, NetlinkRefusal | null>();
  while (results.size < messages.length) {
    for (const reply of receiveReplies(socket)) {
      const at = reply.sequence - first;
      if (reply.type === NLMSG_ERROR && at >= 0 && at < messages.length) results.set(at, decodeRefusal(reply));
    }
  }
  return messages.map((_, i) => results.get(i) ?? null);
}

function dumpOnce<T>(
  socket: number,
  message: NetlinkMessage,
  decode: (body: Buffer) => T | null,
): { readonly values: readonly T[]; readonly interrupted: boolean } {
  const sequence = nextSequence(1);
  sendDatagram(socket, encodeMessage(message, sequence, NLM_F_REQUEST | NLM_F_DUMP));
  const values: T[] = [];
  let interrupted = false;
  for (;;) {
    for (const reply of receiveReplies(socket)) {
      if (reply.sequence !== sequence) continue;
      if (reply.flags & NLM_F_DUMP_INTR) interrupted = true;
      if (reply.type === NLMSG_ERROR) throwNetlinkRefusal(decodeRefusal(reply));
      if (reply.type === NLMSG_DONE) {
        throwNetlinkRefusal(decodeDumpRefusal(reply));
        return { values, interrupted };
      }
      const value = decode(reply.body);
      if (value !== null) values.push(value);
    }
  }
}

/** The kernel answers inside send(2): what is not there now was lost, and waiting would hang the only thread. */
function receiveReplies(socket: number): readonly NetlinkReply[] {
  const length = catchErrno(['EAGAIN', 'ENOBUFS'], () => receiveDatagram(socket, inbox));
  if (length === null) throw sysError('ENOBUFS', 'an answer of the kernel was lost; look at the machine again');
  if (length > inbox.length) throw sysError('EMSGSIZE', `an answer of the kernel is too long: ${length} bytes`);
  return parseReplies(inbox.subarray(0, length));
}

/** struct nlmsgerr: i32 error, the request's nlmsghdr, the request itself unless CAPPED, then attributes with ACK_TLVS. */
function decodeRefusal({ flags, body }: NetlinkReply): NetlinkRefusal | null {
  const error = body.readInt32LE(0);
  if (error === 0) return null;
  const request = flags & NLM_F_CAPPED ? 16 : (body.readUInt32LE(4) + 3) & ~3;
  return { code: errnoName(-error), text: flags & NLM_F_ACK_TLVS ? extendedAckText(body, 4 + request) : null };
}

/** A dump's error is a negative i32 in its NLMSG_DONE, attributes behind it. */
function decodeDumpRefusal({ flags, body }: NetlinkReply): NetlinkRefusal | null {
  const error = body.length >= 4 ? body.readInt32LE(0) : 0;
  if (error >= 0) return null;
  return { code: errnoName(-error), text: flags & NLM_F_ACK_TLVS ? extendedAckText(body, 4) : null };
}

const extendedAckText = (body: Buffer, from: number): string | null =>
  decodeString(parseAttributes(body, from).get(NLMSGERR_ATTR_MSG));

function nextSequence(count: number): number {
  if (lastSequence + count > 0xffffffff) lastSequence = 0;
  const first = lastSequence + 1;
  lastSequence += count;
  return first;
}
