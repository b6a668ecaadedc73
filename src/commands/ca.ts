import { NetformCommand } from '../cli/base-command.ts';
import { labArgument } from '../cli/flags.ts';

export default class Ca extends NetformCommand {
  static override summary = 'Print the certificate of the CA of a lab.';
  static override description =
    'The certificates of an ingress are signed by a CA of the lab: made when the lab first needs it, gone with the lab. Clients that trust it are given this certificate, such as curl with --cacert. Its key is a secret of the lab.';
  static override helpPlace = { group: 'Inspect labs', position: 8 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['certificate', 'cert'];
  static override examples = ['<%= config.bin %> <%= command.id %> ingress > ca.pem'];
  static override args = labArgument;

  async run(): Promise<void> {
    const { args } = await this.parse(Ca);
    const { labCaCertificate } = await import('../pipeline/tools/ca.ts');
    const { lab, pem } = labCaCertificate(await this.openSession(), args.lab ?? null);
    this.respond({ findings: null, json: { lab, certificate: pem }, text: pem });
  }
}
