import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import type { Query } from '../../../model/kernel/need.ts';
import { NETEM_WORDS } from '../../../net/impairment.ts';
import { labImpairments } from '../topology.ts';

/** An impairment for which this kernel has nothing. */
export const netemMissing: MachineCheck = {
  name: 'netem-missing',
  code: 'NF3022',
  title: 'The kernel cannot impair so',
  explain:
    'The queueing discipline netem does everything that `impair` can say. Where the kernel lacks it (CONFIG_NET_SCH_NETEM), a rate is kept by tbf (CONFIG_NET_SCH_TBF), and packets are lost and duplicated by nftables; delay, jitter, corruption and reordering are not possible.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, impair: { delay: 20ms } } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  query: (lab): Query =>
    labImpairments(lab).length === 0
      ? []
      : [{ need: 'missing-nft' }, ...QUEUES.map((key) => ({ need: 'queue-kind', key }) as const)],
  find: (lab, live) => {
    const missing = QUEUES.filter((key) => live.get({ need: 'queue-kind', key }) === false);
    if (!missing.includes('netem')) return [];
    return labImpairments(lab).flatMap(({ impairment, at }) => {
      const words = NETEM_WORDS.filter((word) => impairment[word] > 0);
      const [word] = words;
      if (word !== undefined)
        return [problem([...at, word], `this kernel has no netem, which ${words.join(' and ')} would need`, 'NETEM')];
      const missingNft = impairment.loss + impairment.duplicate > 0 ? live.get({ need: 'missing-nft' }) : null;
      if (missingNft !== null) {
        const message = 'without netem, loss and duplicates need nftables, which this machine does not have';
        return [makeDiagnostic('netem-missing', atKey(at), message, { hint: missingNft })];
      }
      if (impairment.rate === 0 || !missing.includes('tbf')) return [];
      return [problem([...at, 'rate'], 'this kernel has neither netem nor tbf, and cannot keep to a rate', 'TBF')];
    });
  },
};

const QUEUES = ['netem', 'tbf'] as const;

const problem = (at: ReturnType<typeof labImpairments>[number]['at'], message: string, option: string) =>
  makeDiagnostic('netem-missing', atKey(at), message, {
    hint: `load the module with "modprobe sch_${option.toLowerCase()}", or use a kernel with CONFIG_NET_SCH_${option}`,
  });
