import type { CheckDoc } from '../check.ts';

/** Checks that the engine makes when it compares what shall be with what is. */
export const engineDocs: readonly CheckDoc[] = [
  {
    name: 'foreign-object',
    title: 'Something of somebody else is in the way',
    explain:
      'The machine has an object of a name that the lab wants, and it does not carry the mark of this lab. netform never changes or removes it; the run ends with exit code 7. Rename yours, remove the other one yourself, or take it over with `--adopt`.',
    bad: `
bridges: { docker0: 172.17.0.0/16 }
`,
    good: `
bridges: { lan: 192.168.15.0/24 }
`,
  },
];
