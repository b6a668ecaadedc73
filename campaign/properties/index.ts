import type { Property } from '../property.ts';
import { attached } from './attached.ts';
import { clustered } from './clustered.ts';
import { confirmed } from './confirmed.ts';
import { imported } from './imported.ts';
import { injected } from './injected.ts';
import { interfered } from './interfered.ts';
import { killed, killedLoop, killedRollback } from './killed.ts';
import { labsBeside } from './labs-beside.ts';
import { leaking } from './leaking.ts';
import { linked } from './linked.ts';
import { living } from './living.ts';
import { changed, destroyed, made } from './made.ts';
import { malformed, malformedRun } from './malformed.ts';
import { raced } from './raced.ts';
import { reconciled } from './reconciled.ts';
import { refused } from './refused.ts';
import { replaced } from './replaced.ts';
import { signalled } from './signalled.ts';
import { traced } from './traced.ts';
import { unknown } from './unknown.ts';

/** All of them, in the order of the page. */
export const properties: readonly Property[] = [
  ...[made, changed, destroyed, linked, clustered, living, attached],
  ...[refused, killedRollback, killed, killedLoop, traced, signalled],
  ...[raced, interfered, unknown, confirmed, labsBeside, reconciled],
  ...[imported],
  ...[malformed, malformedRun, injected],
  ...[replaced, leaking],
];
