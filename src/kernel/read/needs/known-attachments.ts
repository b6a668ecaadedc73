import { listKnownAttachments } from '../../cni/known-attachments.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Lists what netform has attached on this machine, of all labs and by hand. */
export const knownAttachmentsReader = readEach<'known-attachments'>((_, context) =>
  listKnownAttachments((netns) => findSessions(context, netns)[0] ?? null),
);
