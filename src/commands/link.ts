import { Args } from '@oclif/core';
import { lockFlag, NetformCommand } from '../cli/base-command.ts';

export default class Link extends NetformCommand {
  static override summary = 'Cut an interface of a lab, or join it again: an outage by hand.';
  static override description =
    'Sets it down or up, and nothing else; of a cable the other end loses its signal too. Routes over an interface go when it goes down and do not come back by themselves. netform plan reports all of it, and netform apply heals it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> down red:eth0',
    { description: 'And back, with what was lost meanwhile', command: '<%= config.bin %> apply' },
    '<%= config.bin %> <%= command.id %> up red:eth0',
  ];
  static override args = {
    action: Args.string({
      name: 'ACTION',
      description: 'up or down.',
      options: ['up', 'down'],
      required: true,
      ignoreStdin: true,
    }),
    interface: Args.string({
      name: 'NAMESPACE:INTERFACE',
      description: 'For example red:eth0; host is this machine.',
      required: true,
      ignoreStdin: true,
    }),
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
    const heal = action === 'down' && changed ? '; netform apply heals it' : '';
    const text = changed ? `${end} is ${action}${heal}.\n` : `${end} is ${action} already.\n`;
    this.respond({ findings: null, json: { interface: end, state: action, changed }, text });
  }
}
