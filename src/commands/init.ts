import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';

export default class Init extends NetformCommand {
  static override summary = 'Create a starter topology.';
  static override description =
    'Each template is a complete lab that can be applied as it is; its comment says what it shows and how to try it. topology.schema.json, which is written beside it, lets an editor with the YAML language server complete and explain the keys.';
  static override helpPlace = { group: 'Write a topology', position: 1 } as const;
  static override completes = { template: 'templates' } as const;
  static override synonyms = ['new', 'template', 'scaffold'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> --list',
    '<%= config.bin %> <%= command.id %> router --print',
    {
      description: 'Then: netform apply lan.yaml',
      command: '<%= config.bin %> <%= command.id %> bridge-nat -o lan.yaml',
    },
  ];
  static override args = {
    template: Args.string({
      name: 'TEMPLATE',
      description: 'A name that --list shows.',
      default: 'two-hosts',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    list: Flags.boolean({ summary: 'List the templates, and write nothing.', exclusive: ['print'] }),
    print: Flags.boolean({ summary: 'Print the template, and write nothing.' }),
    out: Flags.string({
      char: 'o',
      summary: 'The file to write; - is standard output.',
      helpValue: 'FILE',
      default: 'topology.yaml',
    }),
    force: Flags.boolean({ summary: 'Overwrite an existing file.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Init);
    const { argumentForFile, listTemplates, templateText, writeTemplate } = await import('../pipeline/tools/init.ts');
    if (flags.list) {
      const { templatesText } = await import('../report/text/templates.ts');
      const all = listTemplates();
      return this.respond({ findings: null, json: { templates: all }, text: this.wrap(templatesText(all)) });
    }
    const { template } = args;
    if (flags.print || flags.out === '-') {
      const text = templateText(template, flags.print ? flags.out : 'topology.yaml');
      return this.respond({ findings: null, json: { template, text }, text });
    }
    writeTemplate(template, flags.out, flags.force ? 'replace' : 'keep');
    const file = argumentForFile(flags.out);
    const text = `Wrote ${flags.out}, from the template ${template}.\nNext: netform plan${file}, then netform apply${file}\n`;
    this.respond({ findings: null, json: { template, file: flags.out }, text });
  }
}
