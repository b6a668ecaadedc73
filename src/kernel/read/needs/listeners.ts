import { inNetns } from '../../netns/netns.ts';
import { readListeningSockets } from '../listening-sockets.ts';
import { readInNetns } from '../need-reader.ts';

/** Reads the listening sockets of namespaces. */
export const listenersReader = readInNetns<'listeners'>(({ fd }) => inNetns(fd, readListeningSockets));
