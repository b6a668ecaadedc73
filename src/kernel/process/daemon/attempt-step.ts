/** Runs a step of the work for one process; false: the machine refused this step or one before, and what is left of them is not run. */
export type AttemptStep = (step: () => void) => boolean;
