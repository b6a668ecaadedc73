import type { AttachmentDescription } from '../../model/lab-parts/attachment.ts';

/** Interfaces that CNI plugins make. `uid`: that of the lab, which names the container to the plugins. */
export type AttachmentInstruction =
  /** Deletes what there is of it already, and calls ADD of its plugins. */
  | {
      readonly do: 'attachment.add';
      readonly netns: string;
      readonly uid: string;
      readonly attachment: AttachmentDescription;
    }
  /** Calls DEL of its plugins with what they were called with. One that is not there is no error. */
  | {
      readonly do: 'attachment.delete';
      readonly netns: string;
      readonly uid: string;
      readonly attachment: AttachmentDescription;
    };
