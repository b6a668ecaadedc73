import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { adoptFlag, foreignPolicyOf, integerFlag, variableFlags } from '../cli/flags.ts';
import { PICTURE_FORMATS } from '../picture/render.ts';

export default class Graph extends NetformCommand {
  static override summary = 'Draw a topology, or a lab of this machine.';
  static override description =
    'Draws namespaces with their interfaces, bridges, LANs, cables, default gateways, NAT and port forwards. Without an argument, a lab that was applied is drawn as it is on this machine, and what differs from the file is marked. With --plan, what apply would add (+), change (~), replace (±) and delete (-). The HTML page is one file that needs no network.';
  static override helpPlace = { group: 'Inspect labs', position: 3 } as const;
  static override completes = { subject: 'labs-or-topologies' } as const;
  static override synonyms = ['draw', 'plot', 'picture', 'diagram'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'As a picture', command: '<%= config.bin %> <%= command.id %> lab.yaml -o lab.svg' },
    {
      description: 'As an interactive page, with what apply would change',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --plan -o lab.html',
    },
    { description: 'For a Markdown page', command: '<%= config.bin %> <%= command.id %> lab.yaml -o lab.md' },
  ];
  static override args = {
    subject: Args.string({
      name: 'FILE|NAME',
      description:
        'A topology, drawn as it is written, or the name of a lab of this machine; default: topology.yaml here, else the only lab.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    ...variableFlags,
    format: Flags.option({
      options: PICTURE_FORMATS,
      summary: 'Format; default: by the suffix of the file, else ascii on a terminal, else svg.',
    })(),
    plan: Flags.boolean({ summary: 'Show what apply would change.' }),
    ...adoptFlag,
    serve: Flags.boolean({
      summary: 'Serve the page on 127.0.0.1 and update it when the file or the machine changes, until Ctrl-C.',
      exclusive: ['format', 'out'],
    }),
    port: integerFlag({
      summary: 'The port of --serve; default: any free one.',
      helpValue: 'PORT',
      min: 1,
      max: 65535,
      dependsOn: ['serve'],
    }),
    out: Flags.string({ char: 'o', summary: 'Write the picture to a file.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Graph);
    const { drawGraph, resolveGraphSubject, writeDrawing } = await import('../pipeline/tools/graph.ts');
    const { pictureFormat, renderPicture } = await import('../picture/render.ts');
    const variables = { vars: flags.var ?? [], varFile: flags['var-file'] ?? null };
    const choice = flags.plan ? foreignPolicyOf({ adopt: flags.adopt, prune: false }) : null;
    const out = flags.out ?? null;
    const format = flags.format ?? pictureFormat(out, process.stdout.isTTY ? 'terminal' : 'pipe');
    const session = await this.openSession();
    const follow = flags.serve;
    const subject = resolveGraphSubject(session, args.subject ?? null, { request: variables, plan: choice, follow });
    const { findings, drawing } = await drawGraph(session, subject);
    if (drawing === null) return this.respond({ findings, json: {}, text: '' });
    if (flags.serve) {
      const { serveGraph } = await import('../pipeline/tools/graph-server.ts');
      const { diagnosticsText } = await import('../report/text/diagnostics.ts');
      const { plainPaint } = await import('../report/text/colour.ts');
      const { url, closed } = await serveGraph(session, subject, {
        drawing,
        port: flags.port ?? 0,
        textOf: (found) => diagnosticsText(found.diagnostics, found, plainPaint),
      });
      const { graphServerText, sshTarget } = await import('../report/text/graph-server.ts');
      this.respond({ findings, json: { url }, text: graphServerText(url, sshTarget(process.env)) });
      return closed;
    }
    const end = this.terminal().begin('drawing', drawing.picture.boxes.length);
    const picture = await renderPicture(drawing, format, this.paint(out === null ? process.stdout : {})).finally(end);
    if (out !== null) writeDrawing(out, picture);
    if (format === 'mermaid' || format === 'markdown') {
      const { mermaidLimitExceeded } = await import('../picture/text/mermaid.ts');
      const why = mermaidLimitExceeded(drawing.picture, picture);
      if (why !== null) this.printWarning(`${why}; --format svg has no limit`);
    }
    const { summary, details, extras, picture: parts } = drawing;
    const text = out === null ? picture : `${out}   ${format}, ${Math.ceil(picture.length / 1024)} KB\n${summary}\n`;
    this.respond({ findings, json: { format, summary, picture, parts, details, extras }, text });
  }
}
