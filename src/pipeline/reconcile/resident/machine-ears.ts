import { openLabEars } from '../../../kernel/monitor/lab-news.ts';
import type { NetnsEars } from '../../../kernel/monitor/netns-ears.ts';
import { openBackgroundWait } from '../../../kernel/monitor/wait-readable.ts';
import type { WatchList } from './resident-run.ts';
import { type PathWatch, watchNetnsNames } from './source-watch.ts';

/** Hears what the kernel says of labs, in another thread: this one sleeps meanwhile. */
export type MachineEars = {
  /** Listens there from now on. */
  readonly listen: (list: Pick<WatchList, 'namespaces' | 'hostLinks'>) => void;
  readonly close: () => Promise<void>;
};

/** `heard` is called when labs may have changed, and when it begins to listen elsewhere: what happened before was not heard. */
export function openMachineEars(heard: () => void): MachineEars {
  const background = openBackgroundWait();
  const now: { ears: NetnsEars | null; places: string; names: PathWatch | null } = {
    ears: null,
    places: '',
    names: null,
  };
  let isOpen = true;
  const hear = (): void => {
    if ((now.ears?.hear().size ?? 0) > 0) heard();
  };
  const listening = (async () => {
    while (isOpen) {
      await background.wait(now.ears?.fds() ?? []);
      if (isOpen) hear();
    }
  })();
  return {
    listen: ({ namespaces, hostLinks }) => {
      // The folder may have come only now.
      now.names?.close();
      now.names = watchNetnsNames(() => {
        hear();
        // A wait keeps what it waits for, and so a namespace that was deleted.
        background.interrupt();
      });
      const places = JSON.stringify([namespaces, hostLinks]);
      if (places === now.places) return;
      const former = now.ears;
      now.places = places;
      now.ears = namespaces.length > 0 ? openLabEars({ namespaces, hostLinks }) : null;
      former?.close();
      background.interrupt();
      if (now.ears !== null) heard();
    },
    close: async () => {
      isOpen = false;
      background.interrupt();
      await listening;
      background.close();
      now.ears?.close();
      now.names?.close();
    },
  };
}
