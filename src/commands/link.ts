import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { interfaceArgument, lockFlag } from '../cli/flags.ts';
import { usageError } from '../cli/usage-error.ts';

export default class Link extends NetformCommand {
  static override summary = 'Set an interface down or up, or make a bad line of it, to simulate an outage.';
  static override description =
    'down and up change the administrative state only; the other end of a cable loses its carrier too. Routes over an interface disappear when it goes down, and do not come back by themselves. set changes what happens to packets that leave: delay, jitter, loss, duplicate, corrupt, reorder and rate, each as the file writes it, or none. netform plan reports all this as drift, and netform apply repairs it.';
  static override helpPlace = { group: 'Work inside namespaces', position: 4 } as const;
  static override completes = { interface: 'interfaces' } as const;
  static override usage = ['link up|down NAMESPACE:INTERFACE', 'link set NAMESPACE:INTERFACE WORD=VALUE...|--reset'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> down red:eth0',
    { description: 'Up again, with the lost routes', command: '<%= config.bin %> apply' },
    '<%= config.bin %> <%= command.id %> up red:eth0',
    { description: 'Every third packet is lost', command: '<%= config.bin %> <%= command.id %> set red:eth0 loss=30%' },
    '<%= config.bin %> <%= command.id %> set red:eth0 --reset',
  ];
  static override args = {
    action: Args.string({
      name: 'ACTION',
      description: 'The state to set, or set for what follows.',
      options: ['up', 'down', 'set'],
      required: true,
      ignoreStdin: true,
    }),
    ...interfaceArgument,
  };
  static override flags = {
    ...lockFlag,
    reset: Flags.boolean({ summary: 'With set: back to what the lab has.' }),
  };

  async run(): Promise<void> {
    const words = this.argv.filter((word) => /^[a-z]+=/i.test(word));
    const { args, flags } = await this.parse(
      Link,
      this.argv.filter((word) => !words.includes(word)),
    );
    const end = args.interface;
    const lockTimeoutMs = flags['lock-timeout'] * 1000;
    const isSet = args.action === 'set';
    const given = Number(words.length > 0) + Number(flags.reset === true);
    if (given !== Number(isSet))
      throw usageError(
        isSet ? 'set takes words, or --reset' : `${args.action} takes no more than an interface`,
        isSet ? `netform link set ${end} loss=10%` : `netform link ${args.action} ${end}`,
      );
    if (!isSet) return this.setState({ end, action: args.action === 'up' ? 'up' : 'down', lockTimeoutMs });
    const { setLinkImpairment } = await import('../pipeline/tools/link-impairment.ts');
    const { text, changed } = await setLinkImpairment(await this.openSession(), {
      endpoint: end,
      words: flags.reset ? null : words,
      lockTimeoutMs,
    });
    const heal = changed && !flags.reset ? '; netform apply repairs it' : '';
    const said = changed ? `${end}: ${text}${heal}.\n` : `${end}: ${text} already.\n`;
    this.respond({ findings: null, json: { interface: end, impairment: text, changed }, text: said });
  }

  private async setState({ end, action, lockTimeoutMs }: StateChange): Promise<void> {
    const { setLinkState } = await import('../pipeline/tools/link-state.ts');
    const changed = await setLinkState(await this.openSession(), { endpoint: end, action, lockTimeoutMs });
    const heal = action === 'down' && changed ? '; netform apply repairs it' : '';
    const text = changed ? `${end} is ${action}${heal}.\n` : `${end} is ${action} already.\n`;
    this.respond({ findings: null, json: { interface: end, state: action, changed }, text });
  }
}

type StateChange = { readonly end: string; readonly action: 'up' | 'down'; readonly lockTimeoutMs: number };
