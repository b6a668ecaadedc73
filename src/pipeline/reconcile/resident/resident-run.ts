import type { Json } from '../../../model/json.ts';
import type { LabReconcileRecord, Moment, ReconcileState } from '../../../model/results/reconcile-state.ts';
import type { ReconcileSettings } from '../../../reconcile/settings.ts';
import { kinds } from '../../../registry/kinds.ts';
import { readReconcileState } from '../../../store/reconcile-store.ts';
import { readState } from '../../../store/state.ts';
import type { Store } from '../../../store/store.ts';
import type { Session } from '../../session.ts';
import type { RunManner } from '../reconcile-run.ts';
import { type ReconcileResult, runReconcile } from '../run-reconcile.ts';
import { type ReconcileFile, readReconcileFile } from '../settings-file.ts';

/** What a resident reconcile waits for after a run. */
export type WatchList = {
  /** How often it looks at the source, and at what the kernel does not announce. */
  readonly everyMs: number;
  /** When a pause after a failure is over. */
  readonly nextAt: Moment | null;
  /** A folder that is a source. */
  readonly folder: string | null;
  /** The namespaces of the labs, `host` among them. */
  readonly namespaces: readonly string[];
  /** The names of their links in the host. */
  readonly hostLinks: readonly string[];
};

/** One run of a resident reconcile. `watch` null: the reconcile file has mistakes. */
export type ResidentResult = {
  readonly result: ReconcileResult;
  readonly isNews: boolean;
  readonly watch: WatchList | null;
};

/** What is run, and how. */
export type ResidentRequest = ReconcileFile & { readonly manner: RunManner; readonly lockTimeoutMs: number };

/** Makes one run of a resident reconcile, and says what to wait for then. Throws what `runReconcile` throws. */
export async function runResident(session: Session, request: ResidentRequest): Promise<ResidentResult> {
  const { manner, lockTimeoutMs, ...file } = request;
  const before = readReconcileState(session.store, file.name);
  const result = await runReconcile(session, file, { lockTimeoutMs, pauses: 'kept', manner });
  const { settings } = readReconcileFile(file);
  const { state, orders } = result;
  if (settings === null || state === null) return { result, isNews: true, watch: null };
  const isIdle = orders.suspended !== null || state.stopped !== null;
  const paces = pacesOf(settings, state);
  const nextAt = result.isBusy ? Date.now() + BUSY_MS : paces.nextAt;
  const watch = { ...paces, nextAt, ...(isIdle ? NOWHERE : placesOf(session.store, state)) };
  return { result, isNews: JSON.stringify(newsOf(before)) !== JSON.stringify(newsOf(state)), watch };
}

/** What was in the way of a run is over soon. */
const BUSY_MS = 5000;
const NOWHERE = { namespaces: [], hostLinks: [] };

const pacesOf = (settings: ReconcileSettings, { labs, run }: ReconcileState) => {
  const now = run?.at ?? 0;
  const pauses = Object.values(labs)
    .flatMap(({ failure, healFailure }) => [failure?.nextAt ?? 0, healFailure?.nextAt ?? 0])
    .filter((at) => at > now);
  return {
    everyMs: settings.everySeconds * 1000,
    nextAt: pauses.length === 0 ? null : Math.min(...pauses),
    folder: 'folder' in settings.source ? settings.source.folder : null,
  };
};

function placesOf(store: Store, { labs }: ReconcileState): Pick<WatchList, 'namespaces' | 'hostLinks'> {
  const resources = Object.entries(labs).flatMap(([lab, { good }]) =>
    good === null ? [] : (readState(store, lab)?.resources ?? []),
  );
  const claims = resources.flatMap(({ kind, spec }) => kinds.get(kind)?.claims?.(spec) ?? []);
  const ofHost = claims.filter((claim) => claim.startsWith(OF_HOST)).map((claim) => claim.slice(OF_HOST.length));
  return {
    namespaces: [...new Set([...resources.map(({ netns }) => netns), ...(ofHost.length > 0 ? ['host'] : [])])],
    hostLinks: [...new Set(ofHost)],
  };
}

const OF_HOST = 'host/';

/** What a person wants to hear of: that the same is healed again, too, and not that nothing has happened since. */
const newsOf = (state: ReconcileState | null): Json =>
  state && [
    state.run?.exitCode ?? null,
    state.refusal?.problem ?? null,
    state.unreachable?.problem ?? null,
    state.stopped?.problem ?? null,
    Object.entries(state.labs).map(([lab, record]) => [lab, ...labNews(record)]),
  ];

function labNews({ status, good, history }: LabReconcileRecord): readonly (string | number | null)[] {
  const state = status?.state === 'healed' ? 'synced' : (status?.state ?? null);
  const healed = history.find((one) => one.state === 'healed');
  return [state, status?.reason ?? null, status?.commit ?? null, good?.commit ?? null, healed?.last ?? null];
}
