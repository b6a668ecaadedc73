import { expect, test } from 'vitest';
import { graphServerText, sshTarget } from '../../../src/report/text/graph-server.ts';

test('a page that is served says how a browser on another machine reaches it (M19)', () => {
  expect(graphServerText('http://127.0.0.1:38627/secret/', { user: 'root', host: 'vm' })).toBe(
    'http://127.0.0.1:38627/secret/   Ctrl-C ends it\n' +
      'From another machine, first: ssh -L 38627:127.0.0.1:38627 root@vm\n',
  );
});

test('the machine is named as the SSH session names it, and the user as before sudo', () => {
  expect(sshTarget({ SSH_CONNECTION: '192.0.2.7 50123 192.0.2.10 22', SUDO_USER: 'ann' })).toEqual({
    user: 'ann',
    host: '192.0.2.10',
  });
  expect(sshTarget({}).host).not.toBe('');
});
