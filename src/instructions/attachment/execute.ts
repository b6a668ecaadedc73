import { attach, detach } from '../../kernel/cni/attach.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import type { AttachmentInstruction } from './types.ts';

/** Deletes attachments, then makes others, one after the other: plugins of one container must not run at the same time. */
export const executeAttachments: BatchExecutor<AttachmentInstruction> = (instructions, { sessions, nft }, attempt) => {
  const place = { host: sessions.open('host'), nft };
  for (const one of instructions) {
    if (one.do !== 'attachment.delete') continue;
    attempt([one], () => {
      const found = sessions.find(one.netns);
      const session = found === 'dead' ? null : found;
      detach({ uid: one.uid, netns: one.netns, dev: one.attachment.dev }, { ...place, session });
    });
  }
  for (const one of instructions) {
    if (one.do !== 'attachment.add') continue;
    attempt([one], () => attach(one.uid, one.attachment, { session: sessions.open(one.netns), ...place }));
  }
  sessions.forgetIndexes();
  sessions.forgetLinks();
};
