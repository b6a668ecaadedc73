import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { fileWithoutFolder } from './checks/file-without-folder.ts';
import { restartWithoutSupervisor } from './checks/restart-without-supervisor.ts';
import { seenTwice } from './checks/seen-twice.ts';
import { unknownProgram } from './checks/unknown-program.ts';
import { unreadableSource } from './checks/unreadable-source.ts';
import { runDocs } from './docs.ts';
import { runDrawing } from './draw.ts';
import { runGrants } from './grants.ts';
import { readPrograms } from './read.ts';
import { readSeenFiles } from './read-files.ts';
import { resolveRun, runQuery } from './resolve.ts';
import { filesSchema, hostRunSchema, programSchema, runSchema, seenFileSchema } from './schema.ts';
import type { TopologyRun } from './topology.ts';

/** Programs that run inside: `run`, and `files` that only they see. It gives a process and the files that it reads. */
export const run = defineFeature({
  name: 'run',
  rank: 70,
  schema: {
    topology: {},
    host: { run: hostRunSchema },
    namespace: { run: runSchema, files: filesSchema },
    definitions: { program: programSchema, seenFile: seenFileSchema },
  },
  otherTools: {
    cmd: ['command'],
    entrypoint: ['command'],
    environment: ['env'],
    workingdir: ['workdir'],
    volumes: ['files'],
    binds: ['files'],
    dependson: ['after'],
    healthcheck: ['ready'],
  },
  read: {
    netns: ({ own, isHost }, report): TopologyRun => ({
      programs: readPrograms(childCursor(own, 'run'), report),
      files: isHost ? [] : readSeenFiles(childCursor(own, 'files'), report),
    }),
  },
  asks: runQuery,
  grants: runGrants,
  resolve: resolveRun,
  draw: runDrawing,
  checks: [unknownProgram, seenTwice],
  machineChecks: [restartWithoutSupervisor, fileWithoutFolder, unreadableSource],
  docs: [runDocs],
});
