import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Tunes V8 for a run on a large lab. It looks at a function later before it optimises it (by default after 67,584 bytes of
 * bytecode): the run is over before most of what is optimised in the background is used, and the other processor has the
 * kernel's work. And its young generation stays as small as it is: it would grow to 48 MB.
 * Not at the start of each run: Node's own code that was compiled beforehand is not taken under other flags.
 */
export function tuneForLargeLab(): void {
  setFlagsFromString('--interrupt-budget=500000');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Collects garbage now. V8 itself does not before its heap has twice the size that most labs reach, so that what a plan was
 * made from would stay until the end of its run.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
