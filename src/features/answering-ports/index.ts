import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { answersDocs } from './docs.ts';
import { answersDrawing } from './draw.ts';
import { readAnswers } from './read.ts';
import { resolveAnswers } from './resolve.ts';
import { answersSchema } from './schema.ts';

/** Ports that answer without a program: `answers` of a namespace. It gives one process with its files, and claims the ports. */
export const answeringPorts = defineFeature({
  name: 'answering-ports',
  rank: 45,
  schema: { topology: {}, namespace: { answers: answersSchema } },
  otherTools: { expose: ['answers'], containerports: ['answers'] },
  read: { netns: ({ own, isHost }, report) => (isHost ? null : readAnswers(childCursor(own, 'answers'), report)) },
  resolve: resolveAnswers,
  draw: answersDrawing,
  docs: [answersDocs],
});
