import { Args, Flags } from '@oclif/core';
import { jsonFlag, NetformCommand } from '../cli/base-command.ts';
import { integerFlag, interfaceArgument } from '../cli/flags.ts';

export default class Capture extends NetformCommand {
  static override summary = 'Capture the packets of an interface.';
  static override description =
    'Prints one line per packet on a terminal; writes a pcap file, for Wireshark or tcpdump, to a pipe or with -o. Ends with Ctrl-C, after --count or --seconds, when the reader of the pipe exits, or when the interface is deleted. VLAN tags are not captured: the kernel keeps them apart from the frame.';
  static override helpPlace = { group: 'Work inside namespaces', position: 3 } as const;
  static override completes = { interface: 'interfaces', filter: 'anything' } as const;
  static override synonyms = ['tcpdump', 'sniff'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> red:eth0 --text --count 2',
    {
      description: 'Only packets that match a filter, in the syntax of tcpdump',
      command: '<%= config.bin %> <%= command.id %> red:eth0 icmp or port 53 --text --count 2',
    },
    {
      description: 'Live in Wireshark',
      command: '<%= config.bin %> <%= command.id %> red:eth0 | wireshark -k -i -',
    },
    {
      description: 'A bridge of this machine, for three seconds',
      command: '<%= config.bin %> <%= command.id %> host:sw --seconds 3 -o sw.pcap',
    },
  ];
  static override args = {
    ...interfaceArgument,
    filter: Args.string({
      name: 'FILTER',
      description:
        'Which packets to capture, in the syntax of tcpdump (man pcap-filter); default: all. Quote it, or put it after --, when the shell or netform would interpret its words.',
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    out: Flags.string({ char: 'o', summary: 'Write a pcap file (mode 0600).', helpValue: 'FILE' }),
    text: Flags.boolean({
      summary: 'Print one line per packet, into a pipe too.',
      exclusive: ['out'],
    }),
    count: integerFlag({ char: 'c', summary: 'Stop after this many packets.', helpValue: 'NUMBER', min: 1 }),
    seconds: integerFlag({ summary: 'Stop after this many seconds.', helpValue: 'SECONDS', min: 1 }),
  };
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Print one JSON object per packet.'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Capture);
    const { capture } = await import('../pipeline/tools/capture.ts');
    const { filePacketOutput, stdoutPacketOutput } = await import('../report/stream/packet-output.ts');
    const filter = args.filter?.join(' ').trim() || null;
    const form = flags.json ? 'json' : flags.text || process.stdout.isTTY === true ? 'text' : 'pcap';
    const sink = flags.out === undefined ? stdoutPacketOutput(form) : filePacketOutput(flags.out);
    if (process.stderr.isTTY)
      process.stderr.write(
        `Listening on ${args.interface}${filter === null ? '' : ` to ${filter}`}; Ctrl-C ends it.\n`,
      );
    try {
      const { count = null, seconds = null } = flags;
      const { packets, lost, gone } = await capture(await this.openSession(), {
        endpoint: args.interface,
        filter,
        count,
        seconds,
        sink,
      });
      if (gone) process.stderr.write(`netform: ${args.interface} was deleted\n`);
      process.stderr.write(
        `${packets} ${packets === 1 ? 'packet' : 'packets'}${lost > 0 ? `, ${lost} more were lost` : ''}\n`,
      );
    } finally {
      sink.end();
    }
  }
}
