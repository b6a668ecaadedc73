import { expect, test } from 'vitest';
import { labRunFolder } from '../../../src/model/kernel/lab-process.ts';
import { defineProgram, runFolderOf } from '../../../src/programs/define-program.ts';

const place = {
  netns: 'red',
  name: 'echo',
  folder: `${labRunFolder('demo', 'red')}/echo`,
  after: ['address:red/eth0'],
  at: [],
};

test('a program gives a process with its files, and is checked before each start', () => {
  const echo = defineProgram<{ readonly word: string }>({
    name: 'echo-server',
    packages: ['echo-server'],
    render: ({ word }) => ({ 'echo.conf': `say ${word}\n` }),
    command: (_options, { folder }) => ['-C', `${folder}/echo.conf`, '-s', `${runFolderOf(place)}/socket`],
    check: (_options, { folder }) => ['echo-server', '--test', `${folder}/echo.conf`],
    reload: 'HUP',
    ready: () => ({ by: 'socket', path: `${runFolderOf(place)}/socket` }),
  });
  const { process, storedFiles } = echo({ word: 'grüß' }, place, ['/run/netform/labs/demo/red/key']);
  const folder = '/run/netform/labs/demo/red/echo';
  expect(storedFiles).toEqual([{ netns: 'red', path: `${folder}/echo.conf`, content: 'say grÃ¼Ã\u009f\n', at: [] }]);
  expect(process).toEqual({
    ...{ netns: 'red', name: 'echo', after: ['address:red/eth0'], at: [], package: 'echo-server' },
    command: ['echo-server', '-C', `${folder}/echo.conf`, '-s', `${folder}/run/socket`],
    environment: {},
    reads: [`${folder}/echo.conf`, '/run/netform/labs/demo/red/key'],
    prepare: [],
    check: ['echo-server', '--test', `${folder}/echo.conf`],
    folder: `${folder}/run`,
    privateFolders: {},
    ready: { by: 'socket', path: `${folder}/run/socket` },
    reload: 'HUP',
  });
});
