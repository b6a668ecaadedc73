import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';

export default class Capture extends NetformCommand {
  static override summary = 'Listen to what passes an interface.';
  static override description =
    'A line a packet on a terminal; in a pipe, or with -o, a pcap file, which Wireshark and tcpdump read. Ends with Ctrl-C, after --count or --seconds, when its reader ends, or when the interface vanishes. VLAN tags, which the kernel keeps beside the frames, are not seen.';
  static override strict = false;
  static override usage = 'capture NAMESPACE:INTERFACE [FILTER...] [FLAGS]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> red:eth0 --text --count 2',
    {
      description: 'Only what a filter says, as tcpdump takes it',
      command: '<%= config.bin %> <%= command.id %> red:eth0 icmp or port 53 --text --count 2',
    },
    {
      description: 'In Wireshark, as it happens',
      command: '<%= config.bin %> <%= command.id %> red:eth0 | wireshark -k -i -',
    },
    {
      description: 'What passes a bridge of the machine in three seconds',
      command: '<%= config.bin %> <%= command.id %> host:sw --seconds 3 -o sw.pcap',
    },
  ];
  static override args = {
    interface: Args.string({
      name: 'NAMESPACE:INTERFACE',
      description: 'For example red:eth0; host is this machine.',
      required: true,
      ignoreStdin: true,
    }),
    filter: Args.string({
      name: 'FILTER',
      description:
        'What to listen to, in the words of tcpdump (man pcap-filter); left out: everything. In quotes, or after --, when a shell or netform would take them for its own.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    out: Flags.string({ char: 'o', summary: 'Write a pcap file (0600).', helpValue: 'FILE' }),
    text: Flags.boolean({
      summary: 'A line a packet, also into a pipe; --json gives each as an object.',
      exclusive: ['out'],
    }),
    count: Flags.integer({ char: 'c', summary: 'End after so many packets.', helpValue: 'NUMBER', min: 1 }),
    seconds: Flags.integer({ summary: 'End after so many seconds.', helpValue: 'SECONDS', min: 1 }),
  };

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(Capture);
    const { capture } = await import('../pipeline/tools/capture.ts');
    const { filePacketOutput, stdoutPacketOutput } = await import('../report/stream/packet-output.ts');
    const filter = argv.slice(1).join(' ').trim() || null;
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
      if (gone) process.stderr.write(`netform: ${args.interface} has gone\n`);
      process.stderr.write(
        `${packets} ${packets === 1 ? 'packet' : 'packets'}${lost > 0 ? `, ${lost} more were lost` : ''}\n`,
      );
    } finally {
      sink.end();
    }
  }
}
