import { hostname, userInfo } from 'node:os';

/** Whom to connect to, and at what address, from another machine. */
export type SshTarget = { readonly user: string; readonly host: string };

/** This machine as its SSH clients name it: the address of the session that runs netform, else the name of the machine. */
export const sshTarget = (env: NodeJS.ProcessEnv): SshTarget => ({
  user: env['SUDO_USER'] ?? userInfo().username,
  host: env['SSH_CONNECTION']?.split(' ')[2] ?? hostname(),
});

/** Where a page is served, and how a browser on another machine reaches it: a lab VM has none of its own. */
export function graphServerText(url: string, { user, host }: SshTarget): string {
  const { port } = new URL(url);
  return `${url}   Ctrl-C ends it\nFrom another machine, first: ssh -L ${port}:127.0.0.1:${port} ${user}@${host}\n`;
}
