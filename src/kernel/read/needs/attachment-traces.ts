import { readAttachmentTraces } from '../../cni/traces.ts';
import { readEach } from '../need-reader.ts';

/** Says by what rules of CNI plugins are known to be of labs. */
export const attachmentTracesReader = readEach<'attachment-traces'>(readAttachmentTraces);
