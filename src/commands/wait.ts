import { NetformCommand } from '../cli/base-command.ts';
import { durationFlag, labArgument } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

export default class Wait extends NetformCommand {
  static override summary = 'Wait until the programs of a lab are ready.';
  static override description =
    'apply waits for what it starts; this is for scripts that come later, and after programs were started again. A routing daemon is ready when its sessions are established and its neighbours are known. Exit 6 when one is not ready in time.';
  static override helpPlace = { group: 'Inspect labs', position: 7 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> web --timeout 10s',
  ];
  static override args = labArgument;
  static override flags = {
    timeout: durationFlag({ summary: 'How long to wait: 60s, 5m; default: 60s.', helpValue: 'TIME', max: 86_400 }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Wait);
    const { awaitPrograms } = await import('../pipeline/tools/programs.ts');
    const timeoutMs = (flags.timeout ?? 60) * 1000;
    const found = await awaitPrograms(await this.openSession(), { lab: args.lab ?? null, timeoutMs });
    const { ready, waiting } = found;
    const all = ready.length === 1 ? '1 program is ready' : `${ready.length} programs are ready`;
    const text = waiting.length === 0 ? `${all}.\n` : `Not ready: ${waiting.join(', ')}.\n`;
    this.respond({ findings: null, json: found, text, exitCode: waiting.length === 0 ? EXIT.done : EXIT.drift });
  }
}
