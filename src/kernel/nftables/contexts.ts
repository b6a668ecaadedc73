import { closeSync, openSync } from 'node:fs';
import { sysError } from '../errno.ts';
import { inNetns, inScratchNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { type Libnftables, loadLibnftables } from './libnftables.ts';

/** Runs nft commands, such as `list ruleset`, in one namespace. `error`: what the library says, or null. */
export type NftCommandRunner = (commands: string) => { readonly output: string; readonly error: string | null };
/** A context of libnftables. `fd`: its namespace. */
export type NftContext = { readonly fd: number; readonly run: NftCommandRunner; readonly free: () => void };

/** The contexts of libnftables, which is loaded when it is first needed. Opening one throws NFT when it is not installed. */
export type NftContexts = {
  readonly isInstalled: () => boolean;
  /** The runner of a namespace. Its context stays open as long as the session, or until there are too many. */
  readonly runIn: (session: NetnsSession) => NftCommandRunner;
  /** A context that the caller frees, whose output is JSON. */
  readonly openJson: (session: NetnsSession) => NftContext;
  /** The context of an unnamed namespace, the same one until `closeScratch`. */
  readonly scratch: () => NftContext;
  readonly closeScratch: () => void;
};

/** Each context has a socket whose number must be below 1024. */
const MAX_CONTEXTS = 500;
/** The hint when libnftables is missing. */
export const MISSING_LIBNFTABLES =
  'libnftables is not installed: install the package libnftables1 (it comes with nftables)';

/** Contexts for as long as the machine is open; nothing is loaded before it is used. */
export function makeNftContexts(): NftContexts {
  const contexts = new Map<NetnsSession, NftContext>();
  let library: Libnftables | null | undefined;
  let scratch: NftContext | null = null;
  const load = (): Libnftables | null => {
    if (library === undefined) library = loadLibnftables();
    return library;
  };
  const required = (): Libnftables => {
    const loaded = load();
    if (!loaded) throw sysError('NFT', MISSING_LIBNFTABLES);
    return loaded;
  };
  const free = (session: NetnsSession): void => {
    contexts.get(session)?.free();
    contexts.delete(session);
  };
  return {
    isInstalled: () => load() !== null,
    runIn: (session) => {
      const open = contexts.get(session);
      if (open) return open.run;
      if (contexts.size >= MAX_CONTEXTS) [...contexts.keys()].forEach(free);
      const context = openContext(required(), session.fd);
      contexts.set(session, context);
      session.onClose(() => free(session));
      return context.run;
    },
    openJson: (session) => openContext(required(), session.fd, 'json'),
    scratch: () => {
      scratch ??= openScratchContext(required());
      return scratch;
    },
    closeScratch: () => {
      scratch?.free();
      scratch = null;
    },
  };
}

/** A namespace without a name, in which scripts are tried. */
function openScratchContext(library: Libnftables): NftContext {
  const fd = inScratchNetns(() => openSync('/proc/thread-self/ns/net', 'r'));
  const { run, free } = openContext(library, fd);
  return {
    fd,
    run,
    free: () => {
      free();
      closeSync(fd);
    },
  };
}

/** A context belongs to the namespace in which it is made; it is also used there, for it may open sockets late. */
function openContext(library: Libnftables, netnsFd: number, output: 'text' | 'json' = 'text'): NftContext {
  const context = inNetns(netnsFd, () => library.create(output));
  return {
    fd: netnsFd,
    run: (commands) => inNetns(netnsFd, () => library.run(context, commands)),
    free: () => inNetns(netnsFd, () => library.free(context)),
  };
}
