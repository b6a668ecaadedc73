import { Args } from '@oclif/core';
import { integerFlag } from '../../cli/flags.ts';
import { ImportCommand, importFlags } from '../../cli/import-command.ts';

export default class ImportKubernetes extends ImportCommand {
  static override summary = 'Convert manifests of Kubernetes into a topology.';
  static override description =
    'Pods, and what makes pods, become namespaces behind node namespaces; Services, NetworkPolicies, Ingresses, Gateways with HTTPRoutes, cluster DNS and host ports become the words of the language. For each port of a container a port answers, since images are not pulled. Reads files of several documents, folders of files, and standard input, such as what kustomize build or helm template print. What a topology cannot express is listed by document.';
  static override helpPlace = { group: 'Import from elsewhere', position: 3 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['k8s'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop.yaml',
    '<%= config.bin %> <%= command.id %> namespaces.yaml shop.yaml --nodes 2 -o shop-lab.yaml',
    '<%= config.bin %> <%= command.id %> - --name shop < shop.yaml',
  ];
  static override args = {
    file: Args.string({
      name: 'FILE',
      description: 'The manifests: files or folders; - reads standard input.',
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    nodes: integerFlag({
      summary: 'How many nodes the pods are spread over; without it those of the manifests, or one.',
      helpValue: 'N',
      min: 1,
      max: 80,
    }),
    ...importFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ImportKubernetes);
    const { importManifests } = await import('../../pipeline/import/import-manifests.ts');
    const request = { name: flags.name ?? null, nodes: flags.nodes ?? null };
    await this.respondToImport(importManifests(await this.openOfflineSession(), args.file, request), flags);
  }
}
