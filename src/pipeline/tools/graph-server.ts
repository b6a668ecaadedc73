import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../../kernel/errno.ts';
import { openKernelWatcher } from '../../kernel/monitor/watcher.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import type { AnnotatedPicture } from '../../picture/model/annotated-picture.ts';
import { renderHtml } from '../../picture/page/html.ts';
import { linkKinds } from '../../registry/kinds.ts';
import type { Session } from '../session.ts';
import { drawGraph, type GraphSubject } from './graph.ts';

/** A page that is being shown. `url` has a secret in it: who does not know it, on this machine or in a browser, gets nothing. */
export type GraphServer = { readonly url: string; readonly close: () => void; readonly closed: Promise<void> };

/**
 * Serves a drawing on the loopback address, and notifies open pages when the topology or the machine changes. Throws
 * E_PORT when it cannot listen on that port.
 */
export async function serveGraph(session: Session, subject: GraphSubject, options: ServeOptions): Promise<GraphServer> {
  const secret = randomBytes(12).toString('base64url');
  const listeners = new Set<ServerResponse>();
  const watcher = openKernelWatcher(linkKinds);
  const watched = { ...session, machine: { ...session.machine, read: watcher.read } };
  const shown = await openLivePage(options.drawing, {
    // A file may have been edited.
    isCurrent: () => 'lab' in subject && !watcher.isTouched(),
    redraw: (last) => redraw(watched, subject, { last, textOf: options.textOf }),
    changed: () => notifyListeners(listeners),
  });
  const server = createServer((request, response) => {
    const refusal = refusalStatus(request, server);
    if (refusal !== null) return respond(response, refusal, '');
    const path = request.url ?? '';
    if (path === `/${secret}/`) return void respondWithPage(response, shown);
    if (path === `/${secret}/events`) return subscribe(response, listeners);
    return respond(response, 404, '');
  });
  await listenOn(server, options.port);
  const timer = setInterval(() => {
    if (listeners.size > 0) void shown.look();
  }, POLL_MS);
  // It keeps a namespace until it has heard that its name is deleted.
  const listening = setInterval(watcher.isTouched, LISTEN_MS);
  const close = () => {
    clearInterval(timer);
    clearInterval(listening);
    watcher.close();
    for (const response of listeners) response.end();
    server.close();
    server.closeAllConnections();
  };
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  return { url: `http://127.0.0.1:${portOf(server)}/${secret}/`, close, closed };
}

/** The first drawing, the port (0: any free one), and how findings are printed on the page. */
export type ServeOptions = {
  readonly drawing: AnnotatedPicture;
  readonly port: number;
  readonly textOf: (findings: TopologyDiagnostics) => string;
};

type RedrawOptions = Pick<ServeOptions, 'textOf'> & { readonly last: AnnotatedPicture };

/** How often the server looks for changes while the page is open in a browser. */
const POLL_MS = 1000;
/** How often it hears what the kernel announced. */
const LISTEN_MS = 100;
/** What looking may take of the time. */
const MAX_LOAD = 0.25;

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
};

/** Why a port cannot be listened on, by the name of its errno. */
const LISTEN_ERRORS: { readonly [code: string]: string } = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'only root may use ports below 1024',
};

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const why = LISTEN_ERRORS[errorCode(error) ?? ''] ?? error.message;
      const hint = 'leave --port out for any free one';
      reject(netformError('E_PORT', EXIT.usage, `cannot serve on port ${port}: ${why}`, { hint }));
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
}

/** Refuses requests under another host name: a page of another site that uses DNS rebinding. Null: allowed. */
function refusalStatus({ method, headers }: IncomingMessage, server: Server): number | null {
  if (method !== 'GET' && method !== 'HEAD') return 405;
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${portOf(server)}`);
  return names.includes(headers.host ?? '') ? null : 421;
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }).end(body);
}

function subscribe(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' }).write(':\n\n');
  listeners.add(response);
  response.once('close', () => listeners.delete(response));
}

const notifyListeners = (listeners: ReadonlySet<ServerResponse>): void => {
  for (const response of listeners) response.write('event: change\ndata: \n\n');
};

async function respondWithPage(response: ServerResponse, shown: LivePage): Promise<void> {
  await shown.look();
  respond(response, 200, shown.page());
}

/** What is shown; `look` makes it new when it is not what it was, and says so. */
type LivePage = { readonly page: () => string; readonly look: () => Promise<void> };

async function openLivePage(first: AnnotatedPicture, { isCurrent, redraw, changed }: LivePageHooks): Promise<LivePage> {
  let latest = { drawing: first, error: '' };
  let page = await renderPage(latest);
  let busy: Promise<void> | null = null;
  let notBefore = 0;
  const look = async () => {
    if (isCurrent()) return;
    const started = elapsedMs();
    const next = await redraw(latest.drawing);
    notBefore = elapsedMs() + (elapsedMs() - started) / MAX_LOAD;
    if (JSON.stringify(next) === JSON.stringify(latest)) return;
    page = await renderPage(next);
    latest = next;
    changed();
  };
  return {
    page: () => page,
    look: async () => {
      if (busy === null && elapsedMs() < notBefore) return;
      busy ??= look().finally(() => {
        busy = null;
      });
      await busy;
    },
  };
}

type LivePageHooks = {
  /** Whether nothing can have changed since the last drawing. */
  readonly isCurrent: () => boolean;
  readonly redraw: (last: AnnotatedPicture) => Promise<GraphPageContent>;
  readonly changed: () => void;
};

type GraphPageContent = { readonly drawing: AnnotatedPicture; readonly error: string };

const renderPage = ({ drawing, error }: GraphPageContent): Promise<string> =>
  renderHtml(drawing, { place: 'served', error });

/** The drawing as it is now; when there cannot be one, the last with what is in the way of a newer. */
async function redraw(
  session: Session,
  subject: GraphSubject,
  { last, textOf }: RedrawOptions,
): Promise<GraphPageContent> {
  try {
    const { findings, drawing } = await drawGraph(session, subject);
    if (drawing !== null) return { drawing, error: '' };
    return { drawing: last, error: textOf(findings) };
  } catch (error) {
    return { drawing: last, error: error instanceof Error ? error.message : String(error) };
  }
}
