import type { KnownAttachment } from '../../model/lab-parts/attachment.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { lostProblem } from './look.ts';
import { listAttachmentRecords } from './record.ts';

/** All attachments that netform has made on this machine, by what it wrote down of them. `find`: the namespace of a name; null: there is none. */
export const listKnownAttachments = (find: (netns: string) => NetnsSession | null): readonly KnownAttachment[] =>
  listAttachmentRecords().map(({ uid, record }) => ({
    uid,
    attachment: record.attachment,
    lost: lostProblem(record, find(record.attachment.netns)),
  }));
