import { fdatasyncSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../model/journal.ts';

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

/** A record as a line: its JSON, and before it the CRC-32 of that in eight hex digits. */
export function encodeJournalLine(record: JournalRecord): string {
  const text = JSON.stringify(record);
  return `{"crc":"${crcText(text)}","record":${text}}\n`;
}

/** The record of a line; null when the line is not whole. */
export function decodeJournalLine(line: string): JournalRecord | null {
  const [, crc, text = ''] = /^\{"crc":"([0-9a-f]{8})","record":(.*)\}$/s.exec(line) ?? [];
  if (crc === undefined || crc !== crcText(text)) return null;
  const record: JournalRecord = JSON.parse(text);
  return record;
}

const crcText = (text: string): string => crc32(text).toString(16).padStart(8, '0');
