import { createHash } from 'node:crypto';
import { type AttachmentTraces, containerIdOf } from '../../model/lab-parts/attachment.ts';
import { listAttachmentRecords } from './record.ts';
import { readResult } from './result.ts';

/** What the plugins of the attachments of all labs have in nftables. */
export function readAttachmentTraces(): AttachmentTraces {
  const all = listAttachmentRecords();
  return {
    chains: all.flatMap(({ uid, record: { attachment } }) =>
      chainsOf(attachment.network, containerIdOf(uid, attachment.netns)),
    ),
    addresses: all.flatMap(({ record }) =>
      readResult(record.result ?? {}).addresses.map((prefix) => prefix.split('/')[0] ?? prefix),
    ),
  };
}

/** The chains that bridge and ptp (masquerading) and portmap make for a container (`FormatChainName` in plugins/pkg/utils/utils.go). */
export function chainsOf(network: string, containerId: string): readonly string[] {
  const hash = createHash('sha512').update(`${network}${containerId}`).digest('hex');
  return ['CNI-', 'CNI-DN-'].map((prefix) => `${prefix}${hash}`.slice(0, MAX_CHAIN_NAME));
}

const MAX_CHAIN_NAME = 28;
