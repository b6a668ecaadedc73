/** The sentence for an errno of any call. */
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
