import { fdatasyncSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../model/journal.ts';
import { extractShared, inlineShared } from '../model/values/shared-values.ts';

/**
 * Appends one record to the file of a journal with one write; it is durable when this returns (`done`, on which nothing
 * relies, is not). Throws what the file system says; the file may then end in a part of the line.
 */
export function appendJournalRecord(fd: number, record: JournalRecord): void {
  const line = Buffer.from(encodeJournalLine(record));
  const written = writeSync(fd, line);
  if (written !== line.length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  if (record.type !== 'done') fdatasyncSync(fd);
}

/**
 * A record as a line: its JSON, and before it the CRC-32 of that in eight hex digits. What stands in several places of the
 * record is under `shared` once.
 */
export function encodeJournalLine(record: JournalRecord): string {
  const { shared, value } = extractShared(record);
  const text = JSON.stringify(shared.length > 0 ? { ...(value as JournalRecord), shared } : record);
  return `{"crc":"${crcText(text)}","record":${text}}\n`;
}

/** The record of a line; null when the line is not whole. */
export function decodeJournalLine(line: string): JournalRecord | null {
  const [, crc, text = ''] = /^\{"crc":"([0-9a-f]{8})","record":(.*)\}$/s.exec(line) ?? [];
  if (crc === undefined || crc !== crcText(text)) return null;
  const { shared = [], ...value }: JournalRecord & { readonly shared?: readonly unknown[] } = JSON.parse(text);
  return inlineShared({ shared, value }) as JournalRecord;
}

const crcText = (text: string): string => crc32(text).toString(16).padStart(8, '0');
