import { Args, Flags } from '@oclif/core';
import { jsonFlag, NetformCommand } from '../cli/base-command.ts';

export default class Events extends NetformCommand {
  static override summary = 'Stream changes in labs.';
  static override description =
    'Prints one line per change on a terminal, and one JSON object per change into a pipe or with --json. Reports links, addresses and routes that are added, changed or removed, whoever changes them: all of them in the namespaces of a lab, and those of a lab on this machine itself. id is the resource that the object belongs to; foreign means that no topology has it. watched and gone: a namespace of a lab was created or deleted; lost: the socket overflowed, and the next events come from reading everything again. Ends with Ctrl-C.';
  static override helpPlace = { group: 'Inspect labs', position: 4 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['monitor', 'watch', 'tail'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'Record them in a file', command: '<%= config.bin %> <%= command.id %> red-blue > events.ndjson' },
  ];
  static override args = {
    lab: Args.string({
      name: 'NAME|FILE',
      description: 'The lab; default: all labs of this machine, including those applied later.',
      ignoreStdin: true,
    }),
  };

  static override flags = {
    text: Flags.boolean({ summary: 'Print lines for people, into a pipe too.', exclusive: ['json'] }),
  };
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Print one JSON object per change, as into a pipe.'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Events);
    const { followEvents } = await import('../pipeline/lab/follow.ts');
    const { eventLine } = await import('../report/json/event-line.ts');
    const { eventText } = await import('../report/text/event.ts');
    const { stdoutWriter } = await import('../report/stream/watch-screen.ts');
    const write = stdoutWriter();
    const isTerminal = process.stdout.isTTY === true;
    const lineOf = flags.text || (isTerminal && !flags.json) ? eventText : eventLine;
    if (isTerminal && !flags.json) process.stderr.write('Ctrl-C ends it.\n');
    await followEvents(await this.openSession(), {
      target: args.lab ?? null,
      take: (heard) => write(heard.map(lineOf).join('')),
    });
  }
}
