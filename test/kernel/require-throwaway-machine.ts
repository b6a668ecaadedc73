/** Throws unless this process is in a throwaway machine: what these tests do would harm a real one. */
export function insideThrowawayMachine(): void {
  if (process.env['NETFORM_TEST_MACHINE'] !== '1') {
    throw new Error(
      'these tests change the network they run in: start them with "sh scripts/machine.sh npx vitest run"',
    );
  }
}
