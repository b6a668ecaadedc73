import { lookAtAttachment } from '../../cni/look.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Finds the attachments that netform has made, by what it wrote down of them. */
export const attachmentReader = readEach<'attachment'>(({ netns, key }, context) => {
  const slash = key.indexOf('/');
  const [session = null] = findSessions(context, netns);
  return lookAtAttachment({ uid: key.slice(0, slash), netns, dev: key.slice(slash + 1) }, session);
});
