/** Milliseconds since this process began, with fractions. Node loads its `performance` at first use, which takes a millisecond. */
export const elapsedMs = (): number => process.uptime() * 1000;
