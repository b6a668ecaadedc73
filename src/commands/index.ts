// Generated from the files of this folder and the importers of file formats by scripts/generate.ts.
import type { CommandTable } from '../cli/command-types.ts';

/** Every command, by id; `import:live` is written as two words. */
export const COMMANDS: CommandTable = {
  apply: {
    summary: 'Apply a topology to this machine.',
    help: { group: 'Build and remove labs', position: 2 },
    synonyms: ['up', 'deploy', 'create', 'start', 'update', 'converge', 'build'],
    load: async () => (await import('./apply.ts')).default,
  },
  capture: {
    summary: 'Capture the packets of an interface.',
    help: { group: 'Work inside namespaces', position: 3 },
    synonyms: ['tcpdump', 'sniff'],
    load: async () => (await import('./capture.ts')).default,
  },
  completion: {
    summary: 'Print the completion script for a shell.',
    help: { group: 'Set up the shell', position: 1 },
    synonyms: [],
    load: async () => (await import('./completion.ts')).default,
  },
  confirm: {
    summary: 'Keep the changes of apply --confirm.',
    help: { group: 'Confirm, undo, stop managing', position: 1 },
    synonyms: ['commit'],
    load: async () => (await import('./confirm.ts')).default,
  },
  destroy: {
    summary: 'Remove a lab and restore this machine to its state before.',
    help: { group: 'Build and remove labs', position: 3 },
    synonyms: ['down', 'delete', 'remove', 'rm', 'clean', 'stop'],
    load: async () => (await import('./destroy.ts')).default,
  },
  doctor: {
    summary: 'Diagnose host settings that break labs, and show the fix.',
    help: { group: 'Inspect labs', position: 5 },
    synonyms: ['diagnose'],
    load: async () => (await import('./doctor.ts')).default,
  },
  events: {
    summary: 'Stream changes in labs.',
    help: { group: 'Inspect labs', position: 4 },
    synonyms: ['monitor', 'watch', 'logs', 'log', 'tail'],
    load: async () => (await import('./events.ts')).default,
  },
  exec: {
    summary: 'Run a program inside a namespace.',
    help: { group: 'Work inside namespaces', position: 1 },
    synonyms: ['run'],
    load: async () => (await import('./exec.ts')).default,
  },
  fmt: {
    summary: 'Format topologies.',
    help: { group: 'Write a topology', position: 3 },
    synonyms: ['format', 'pretty'],
    load: async () => (await import('./fmt.ts')).default,
  },
  forget: {
    summary: 'Stop managing a lab without changing it.',
    help: { group: 'Confirm, undo, stop managing', position: 4 },
    synonyms: ['unmanage', 'detach'],
    load: async () => (await import('./forget.ts')).default,
  },
  graph: {
    summary: 'Draw a topology, or a lab of this machine.',
    help: { group: 'Inspect labs', position: 3 },
    synonyms: ['draw', 'plot', 'picture', 'diagram'],
    load: async () => (await import('./graph.ts')).default,
  },
  'import:compose': {
    summary: 'Convert a Docker Compose file into a topology.',
    help: { group: 'Import from elsewhere', position: 3 },
    synonyms: [],
    load: async () => (await import('../cli/import-command.ts')).loadFileImportCommand('compose'),
  },
  'import:containerlab': {
    summary: 'Convert a containerlab file into a topology.',
    help: { group: 'Import from elsewhere', position: 3 },
    synonyms: [],
    load: async () => (await import('../cli/import-command.ts')).loadFileImportCommand('containerlab'),
  },
  'import:live': {
    summary: 'Describe this machine as a topology.',
    help: { group: 'Import from elsewhere', position: 1 },
    synonyms: [],
    load: async () => (await import('./import/live.ts')).default,
  },
  'import:script': {
    summary: 'Run a script in a throwaway machine, and describe what it built.',
    help: { group: 'Import from elsewhere', position: 2 },
    synonyms: [],
    load: async () => (await import('./import/script.ts')).default,
  },
  init: {
    summary: 'Create a starter topology.',
    help: { group: 'Write a topology', position: 1 },
    synonyms: ['new', 'template', 'scaffold'],
    load: async () => (await import('./init.ts')).default,
  },
  link: {
    summary: 'Set an interface down or up, or make a bad line of it, to simulate an outage.',
    help: { group: 'Work inside namespaces', position: 4 },
    synonyms: [],
    load: async () => (await import('./link.ts')).default,
  },
  list: {
    summary: 'List the labs of this machine.',
    help: { group: 'Inspect labs', position: 1 },
    synonyms: ['ls', 'ps'],
    load: async () => (await import('./list.ts')).default,
  },
  plan: {
    summary: 'Show what apply would change.',
    help: { group: 'Build and remove labs', position: 1 },
    synonyms: ['diff', 'preview'],
    load: async () => (await import('./plan.ts')).default,
  },
  recover: {
    summary: 'Finish or roll back interrupted runs (run at boot).',
    help: { group: 'Confirm, undo, stop managing', position: 3 },
    synonyms: [],
    load: async () => (await import('./recover.ts')).default,
  },
  rename: {
    summary: 'Rename a lab of this machine without touching its traffic.',
    help: { group: 'Confirm, undo, stop managing', position: 5 },
    synonyms: ['mv', 'move'],
    load: async () => (await import('./rename.ts')).default,
  },
  rollback: {
    summary: 'Roll back a run that was interrupted, or is not confirmed yet.',
    help: { group: 'Confirm, undo, stop managing', position: 2 },
    synonyms: ['undo', 'revert'],
    load: async () => (await import('./rollback.ts')).default,
  },
  schema: {
    summary: 'Print the JSON Schema of topologies.',
    help: { group: 'Write a topology', position: 4 },
    synonyms: [],
    load: async () => (await import('./schema.ts')).default,
  },
  shell: {
    summary: 'Open a shell inside a namespace.',
    help: { group: 'Work inside namespaces', position: 2 },
    synonyms: ['attach', 'enter', 'console', 'ssh', 'login'],
    load: async () => (await import('./shell.ts')).default,
  },
  show: {
    summary: 'Show the resources of a lab, and their drift.',
    help: { group: 'Inspect labs', position: 2 },
    synonyms: ['status', 'inspect', 'describe', 'info', 'state'],
    load: async () => (await import('./show.ts')).default,
  },
  validate: {
    summary: 'Check a topology, and report all mistakes at once.',
    help: { group: 'Write a topology', position: 2 },
    synonyms: ['check', 'lint', 'test', 'verify'],
    load: async () => (await import('./validate.ts')).default,
  },
};
