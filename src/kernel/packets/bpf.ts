import { EXIT, netformError } from '../../model/error.ts';
import { LINK_TYPE } from '../../model/kernel/packet.ts';
import { errorCode } from '../errno.ts';
import { cString, openLibrary, SOL_SOCKET, systemCall } from '../libc.ts';

// asm-generic/socket.h, linux/if_packet.h; pcap/dlt.h: the numbers by which pcap_open_dead knows the types of links.
const SO_ATTACH_FILTER = 26;
const DATA_LINKS: ReadonlyMap<number, number> = new Map([
  [LINK_TYPE.ethernet, 1],
  [LINK_TYPE.ip, 12],
]);
/** Bytes of a packet that a capture keeps. */
export const SNAP_BYTES = 262_144;
const PCAP_OPTIMIZE = 1;
const PCAP_NETMASK_UNKNOWN = 0xffffffff;
const BPF_PROGRAM_BYTES = 16;

const setsockopt = systemCall('setsockopt', 'int setsockopt(int, int, int, void*, uint32_t)');

/**
 * Lets a packet socket hear nothing but what an expression of pcap-filter(7) says, compiled by libpcap (pcap/pcap.h) for
 * frames of the type LINKTYPE_* `linkType`. Throws E_FILTER with libpcap's sentence, or with the package to install.
 */
export function attachBpfFilter(fd: number, expression: string, linkType: number): void {
  const pcap = loadLibpcap();
  // struct bpf_program: u32 count of instructions, u32 padding, the address of the first. struct sock_fprog of
  // linux/filter.h is the same with a u16 count, and so are the instructions.
  const program = Buffer.alloc(BPF_PROGRAM_BYTES);
  const handle = pcap.openDead(DATA_LINKS.get(linkType), SNAP_BYTES);
  try {
    const failed =
      Number(pcap.compile(handle, program, cString(expression), PCAP_OPTIMIZE, PCAP_NETMASK_UNKNOWN)) !== 0;
    if (failed) throw filterError(String(pcap.errorOf(handle)), 'man 7 pcap-filter has the language of filters');
    attachProgram(fd, program);
  } finally {
    pcap.freeCode(program);
    pcap.close(handle);
  }
}

function attachProgram(fd: number, program: Buffer): void {
  try {
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, program.length);
  } catch (error) {
    // More than 4096 instructions, or more bytes than net.core.optmem_max.
    if (!['EINVAL', 'ENOMEM'].includes(errorCode(error) ?? '')) throw error;
    const instructions = program.readUInt32LE(0);
    throw filterError(
      `the filter is too long for the kernel: ${instructions} instructions`,
      'filter what was captured',
    );
  }
}

function loadLibpcap() {
  const call = openLibrary(['libpcap.so.0.8', 'libpcap.so.1']);
  if (call === null)
    throw filterError('libpcap is not installed', 'install the package libpcap0.8 (it comes with tcpdump)');
  return {
    openDead: call('void* pcap_open_dead(int, int)'),
    compile: call('int pcap_compile(void*, void*, const char*, int, uint32_t)'),
    errorOf: call('const char* pcap_geterr(void*)'),
    freeCode: call('void pcap_freecode(void*)'),
    close: call('void pcap_close(void*)'),
  };
}

const filterError = (why: string, hint: string) => netformError('E_FILTER', EXIT.usage, why, { hint });
