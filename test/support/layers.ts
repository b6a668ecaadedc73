/** One layer: the question that its folder under `src/` answers, and the layers that it may import besides itself. */
export type Layer = { readonly holds: string; readonly imports: readonly string[] };

/** The layers of `src/`, from the bottom to the top. docs/architecture.md prints this table; a test enforces it. */
export const LAYERS: { readonly [folder: string]: Layer } = {
  model: { holds: 'What is a resource, an operation, a plan, an instruction?', imports: [] },
  net: { holds: 'Addresses, prefixes, MACs, names, netlink attributes, longest-prefix match', imports: ['model'] },
  firewall: { holds: 'What would the nftables rules of this machine do to a packet?', imports: ['model', 'net'] },
  source: { holds: 'How does text become a topology, with a position for every value?', imports: ['model', 'net'] },
  lab: {
    holds: 'What does the file mean: names resolved, addresses assigned, routes implied?',
    imports: ['model', 'net'],
  },
  checks: {
    holds: 'What can be wrong with a lab, or with this machine for it?',
    imports: ['model', 'net', 'firewall'],
  },
  doctor: {
    holds: 'Which settings of this machine break labs, and what fixes them?',
    imports: ['model', 'net', 'firewall', 'checks', 'features'],
  },
  programs: {
    holds: 'How is a program run that a lab needs: its package, configuration, command and sign of life? One file each',
    imports: ['model', 'net'],
  },
  kinds: {
    holds: 'What is a bridge, a route, a forward here? One folder each',
    imports: ['model', 'net', 'firewall', 'source', 'checks', 'programs'],
  },
  features: {
    holds: 'Which words stand for several things, and what do they add to a lab? One folder each',
    imports: ['model', 'net', 'firewall', 'source', 'lab', 'checks', 'programs', 'kinds', 'picture'],
  },
  import: { holds: 'How do other formats and live machines become a topology?', imports: ['model', 'net', 'firewall'] },
  engine: {
    holds: 'What happens on apply: observe, diff, order, execute, verify, roll back',
    imports: ['model'],
  },
  kernel: { holds: 'How is the machine read and changed?', imports: ['model', 'net'] },
  instructions: {
    holds: 'What can the machine be asked to do: type, executor, errors and shell commands of each family?',
    imports: ['model', 'kernel'],
  },
  store: { holds: 'What is remembered between runs?', imports: ['model', 'net'] },
  report: { holds: 'What does a person, or a program, see?', imports: ['model', 'net'] },
  picture: { holds: 'What does a lab look like, in each format?', imports: ['model', 'net'] },
  registry: {
    holds: 'Which kinds, features, checks and instructions are there? The phases with all of them',
    imports: ['model', 'net', 'firewall', 'source', 'lab', 'checks', 'kinds', 'features', 'picture', 'instructions'],
  },
  reconcile: {
    holds: 'What does the reconcile file of a machine say, and what follows from it: order, pauses, what is ignored?',
    imports: ['model', 'net', 'source'],
  },
  pipeline: {
    holds: 'What does each command do, from the request to the result?',
    imports: [
      'model',
      'net',
      'source',
      'lab',
      'checks',
      'doctor',
      'registry',
      'reconcile',
      'import',
      'engine',
      'kernel',
      'store',
      'picture',
    ],
  },
  cli: {
    holds: 'What is a command: its base class, flags, help, usage errors?',
    imports: ['model', 'net', 'report', 'pipeline'],
  },
  commands: {
    holds: 'What does each command take and print? One file each',
    imports: ['model', 'report', 'picture', 'pipeline', 'cli'],
  },
  entries: {
    holds:
      'Which programs does netform start? The command line, the rollback timer, the resident reconcile and its runs, the sandbox reader',
    imports: ['model', 'pipeline', 'report', 'cli', 'commands'],
  },
};
