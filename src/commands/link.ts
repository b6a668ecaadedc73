import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { interfaceArgument, lockFlag } from '../cli/flags.ts';

export default class Link extends NetformCommand {
  static override summary = 'Set an interface down or up, to simulate an outage.';
  static override description =
    'Changes the administrative state only; the other end of a cable loses its carrier too. Routes over an interface disappear when it goes down, and do not come back by themselves. netform plan reports the drift, and netform apply repairs it.';
  static override helpPlace = { group: 'Work inside namespaces', position: 4 } as const;
  static override completes = { interface: 'interfaces' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> down red:eth0',
    { description: 'Up again, with the lost routes', command: '<%= config.bin %> apply' },
    '<%= config.bin %> <%= command.id %> up red:eth0',
  ];
  static override args = {
    action: Args.string({
      name: 'ACTION',
      description: 'The state to set.',
      options: ['up', 'down'],
      required: true,
      ignoreStdin: true,
    }),
    ...interfaceArgument,
  };
  static override flags = lockFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Link);
    const { setLinkState } = await import('../pipeline/tools/link-state.ts');
    const action = args.action === 'up' ? 'up' : 'down';
    const end = args.interface;
    const changed = await setLinkState(await this.openSession(), {
      endpoint: end,
      action,
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    const heal = action === 'down' && changed ? '; netform apply repairs it' : '';
    const text = changed ? `${end} is ${action}${heal}.\n` : `${end} is ${action} already.\n`;
    this.respond({ findings: null, json: { interface: end, state: action, changed }, text });
  }
}
