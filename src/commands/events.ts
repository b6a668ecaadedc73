import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';

export default class Events extends NetformCommand {
  static override summary = 'Print what changes in labs as it happens, a line of JSON each.';
  static override description =
    'Links, addresses and routes that are added, changed or removed, by whomever: in the namespaces of a lab all of them, of the machine those of a lab. id is the resource that it belongs to, foreign that it is of no file. watched and gone: a namespace of a lab came or went; lost: the kernel said more than there was room for, and what follows is from looking again. Ends with Ctrl-C.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'Kept in a file', command: '<%= config.bin %> <%= command.id %> red-blue > events.ndjson' },
  ];
  static override args = {
    lab: Args.string({
      name: 'NAME|FILE',
      description: 'The lab; left out: all of this machine, also those that come.',
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Events);
    const { followEvents } = await import('../pipeline/lab/follow.ts');
    const { eventLine } = await import('../report/json/event-line.ts');
    const { stdoutWriter } = await import('../report/stream/watch-screen.ts');
    const write = stdoutWriter();
    await followEvents(await this.openSession(), {
      target: args.lab ?? null,
      take: (heard) => write(heard.map(eventLine).join('')),
    });
  }
}
