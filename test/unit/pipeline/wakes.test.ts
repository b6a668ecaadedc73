import { describe, expect, test } from 'vitest';
import { nextWake, type Wake } from '../../../src/pipeline/reconcile/resident/wakes.ts';

const times = { pauseMs: 500, lookMs: 60_000, retryMs: null };
const NEVER = Number.POSITIVE_INFINITY;

describe('a resident reconcile', () => {
  test.each<{ name: string; due: Wake[]; more?: object; passed?: number; wake: Wake; inMs: number }>([
    { name: 'sleeps until it looks at the source', due: [], wake: 'resident', inMs: 60_000 },
    { name: 'looks at the source', due: [], passed: 60_000, wake: 'resident', inMs: 0 },
    { name: 'looks at once at what was changed there', due: ['resident'], wake: 'resident', inMs: 0 },
    { name: 'heals what the kernel speaks of, at once', due: ['woken'], more: { pauseMs: 0 }, wake: 'woken', inMs: 0 },
    { name: 'or after its pause', due: ['woken'], passed: 100, wake: 'woken', inMs: 400 },
    { name: 'tries again after a failure', due: [], more: { retryMs: 1000 }, passed: 1000, wake: 'woken', inMs: 0 },
    { name: 'does both with one run', due: ['woken', 'resident'], passed: 900, wake: 'resident', inMs: 0 },
    { name: 'ends', due: ['stop', 'woken'], wake: 'stop', inMs: 0 },
    { name: 'ends while it sleeps for ever', due: ['stop'], more: { lookMs: NEVER }, wake: 'stop', inMs: 0 },
  ])('waits as it should: $name', ({ due, more = {}, passed = 0, wake, inMs }) => {
    expect(nextWake(new Set(due), { ...times, ...more }, passed)).toEqual({ wake, inMs });
  });
});
