import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import type { OfflineSession } from './session.ts';
import { toTopologyDiagnostics } from './topology/diagnostics.ts';
import { resolveOffline, type TopologyRequest } from './topology/resolve.ts';

/** Every mistake in a topology that shows without looking at the machine. */
export const validateTopology = ({ progress }: OfflineSession, request: TopologyRequest): TopologyDiagnostics =>
  toTopologyDiagnostics(resolveOffline(progress, request));
