import type { ReconcileSettings } from '../../../reconcile/settings.ts';
import type { Store } from '../../../store/store.ts';
import { openFolderSource } from './folder-source.ts';
import { openGitSource } from './git/git-source.ts';
import type { ReconcileSource } from './source.ts';

/** The source of a reconcile file. */
export const openSource = (store: Store, settings: ReconcileSettings): ReconcileSource =>
  'git' in settings.source
    ? openGitSource(store, { ...settings, source: settings.source })
    : openFolderSource(store, { ...settings, source: settings.source });
