import type { Instruction } from '../../model/instruction.ts';

/** Our sentence for what the kernel refused without one. */
export const instructionErrorMessage = (instruction: Instruction, code: string): string =>
  specificMessage(instruction, code) ?? errnoMessage(code);

/** What an errno means, whatever was asked for. */
export const errnoMessage = (code: string): string => ERRNO_MESSAGES[code] ?? `the kernel refused it: ${code}`;

const ERRNO_MESSAGES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EINVAL: 'the kernel refuses one of the values',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  ENOBUFS: 'the kernel had no room for its answer',
  ENODEV: 'there is no such link',
  ENOENT: 'there is nothing of that name',
  ENOMEM: 'the machine has no memory left',
  ENOSPC: 'no space is left',
  EOPNOTSUPP: 'this kernel does not support it',
  EPERM: 'the kernel does not permit it: root is needed, or CAP_NET_ADMIN and CAP_SYS_ADMIN',
  EROFS: 'the file system is read-only',
};

function specificMessage(instruction: Instruction, code: string): string | null {
  switch (instruction.do) {
    case 'netns.add':
      return messageForCode(code, {
        EEXIST: `/run/netns/${instruction.netns} exists already`,
        ENOSPC: 'no more namespaces are allowed here: raise the sysctl user.max_net_namespaces',
      });
    case 'netns.delete':
      return messageForCode(code, { ENOENT: `there is no namespace ${instruction.netns}` });
    case 'link.add':
      return messageForCode(code, {
        EEXIST: `a link named ${[instruction.name, instruction.peer?.name].filter(Boolean).join(' or ')} exists already`,
        EXFULL: `the bridge ${instruction.master} has no room: 1023 ports are the most`,
        EOPNOTSUPP: `this kernel has no links of the type ${instruction.kind}`,
        ERANGE: 'the MAC or the MTU is out of range',
      });
    case 'link.set':
      return messageForCode(code, {
        EXFULL: `the bridge ${instruction.set.master} has no room: 1023 ports are the most`,
        EADDRNOTAVAIL: `the link refuses the MAC ${instruction.set.mac}`,
        EBUSY: `the link ${instruction.name} cannot be changed while it is up or has a master`,
        ELOOP: 'a bridge cannot be a port of a bridge',
        ENODEV: `there is no link ${instruction.name}`,
        ERANGE: 'the name, alias or MTU is out of range',
      });
    case 'link.delete':
      return messageForCode(code, {
        ENODEV: `there is no link ${instruction.name}`,
        EOPNOTSUPP: `the link ${instruction.name} cannot be deleted: it is a device of the machine`,
      });
    case 'address.add':
      return messageForCode(code, { EEXIST: `${instruction.dev} has ${instruction.prefix} already` });
    case 'address.delete':
      return messageForCode(code, { EADDRNOTAVAIL: `${instruction.dev} does not have ${instruction.prefix}` });
    case 'address.mark':
      return messageForCode(code, { ENOENT: `${instruction.dev} does not have ${instruction.prefix}` });
    case 'route.add':
    case 'route.replace':
    case 'route.delete':
      return messageForCode(code, {
        EEXIST: `table ${instruction.route.table} has a route to ${instruction.route.to} with metric ${instruction.route.metric} already`,
        ESRCH: `table ${instruction.route.table} has no such route to ${instruction.route.to}`,
        ENETUNREACH: 'the next hop cannot be reached',
        EHOSTUNREACH: 'the next hop cannot be reached',
        ENETDOWN: 'the link is down',
      });
    case 'rule.add':
    case 'rule.delete':
      return messageForCode(code, {
        EEXIST: `there is such a rule with priority ${instruction.rule.priority} already`,
        ENOENT: `there is no such rule with priority ${instruction.rule.priority}`,
      });
    case 'neighbour.set':
    case 'neighbour.delete':
      return messageForCode(code, { ENOENT: `${instruction.dev} has no neighbour ${instruction.to}` });
    case 'sysctl.set':
    case 'sysctl.restore':
      return messageForCode(code, {
        ENOENT: `this kernel has no ${instruction.key} here`,
        EINVAL: `the kernel refuses the value '${instruction.value}'`,
      });
    case 'file.write':
      return messageForCode(code, { EEXIST: `${instruction.path} exists already` });
    case 'file.delete':
      return messageForCode(code, { ENOENT: `there is no ${instruction.path}` });
    case 'file.block':
    case 'file.unblock':
      return messageForCode(code, { ENOENT: `${instruction.path} has no block ${instruction.mark}` });
    case 'nft.replace':
    case 'nft.delete':
    case 'flows.forget':
      return null;
  }
}

const messageForCode = (code: string, sentences: Readonly<Record<string, string>>): string | null =>
  sentences[code] ?? null;
