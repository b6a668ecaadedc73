import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 to look at a function later before it optimises it (by default after 67,584 bytes of bytecode). A run on a large
 * lab is over before most of what is optimised in the background is used, and the other processor has the kernel's work.
 * Not at the start of each run: Node's own code that was compiled beforehand is not taken under other flags.
 */
export const delayOptimisation = (): void => setFlagsFromString('--interrupt-budget=500000');
