const real = Date;
let aheadMs = 0;

/** A clock that is driven: hours pass at once. It is that of this process until `release`, and of runs that are given `driven()`. */
export function driveClock(): { readonly pass: (seconds: number) => void; readonly release: () => void } {
  aheadMs = 0;
  globalThis.Date = class extends real {
    constructor(...args: readonly [] | ConstructorParameters<DateConstructor>) {
      // @ts-expect-error: what a date is made of is passed on, whatever it is
      super(...(args.length === 0 ? [real.now() + aheadMs] : args));
    }
    static override now = (): number => real.now() + aheadMs;
  } as DateConstructor;
  return {
    pass: (seconds) => {
      aheadMs += seconds * 1000;
    },
    release: () => {
      globalThis.Date = real;
    },
  };
}

/** The environment of a run that sees the clock as it is driven now. */
export const drivenClock = (): { readonly NODE_OPTIONS: string } => shiftedClock(aheadMs);

/** The environment of a run that sees another clock. */
export function shiftedClock(ms: number): { readonly NODE_OPTIONS: string } {
  const code = `const real = Date; globalThis.Date = class extends real {
    constructor(...args) { super(...(args.length === 0 ? [real.now() + ${ms}] : args)); }
    static now = () => real.now() + ${ms};
  };`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}
