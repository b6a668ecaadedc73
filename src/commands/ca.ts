import { NetformCommand } from '../cli/base-command.ts';
import { labArgument } from '../cli/flags.ts';

export default class Ca extends NetformCommand {
  static override summary = 'Print the certificate of the CA of a lab.';
  static override description =
    'An ingress that speaks TLS has a certificate that a CA of its own signs: made when it is first started, gone with the lab. Clients that trust it are given this certificate, such as curl with --cacert. Its key stays in the folder of the proxy.';
  static override helpPlace = { group: 'Inspect labs', position: 8 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['certificate', 'cert'];
  static override examples = ['<%= config.bin %> <%= command.id %> ingress > ca.pem'];
  static override args = labArgument;

  async run(): Promise<void> {
    const { args } = await this.parse(Ca);
    const { labCaCertificates } = await import('../pipeline/tools/ca.ts');
    const { lab, pem } = labCaCertificates(await this.openSession(), args.lab ?? null);
    this.respond({ findings: null, json: { lab, certificate: pem }, text: pem });
  }
}
