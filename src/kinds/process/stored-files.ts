import { defineKind } from '../define-kind.ts';
import { defineStoredFileKind } from './define-stored-file-kind.ts';

/** The configuration of programs of the lab. */
export const file = defineKind(
  defineStoredFileKind({ name: 'file', files: ({ storedFiles }) => storedFiles, isSecret: false }),
);

/** Keys and passwords: never printed, by no command. */
export const secret = defineKind(
  defineStoredFileKind({ name: 'secret', files: ({ secrets }) => secrets, isSecret: true }),
);
