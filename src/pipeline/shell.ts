import { basename } from 'node:path';
import { goInside } from './inside.ts';
import { shippedPath } from './shipped.ts';
import { namespaceMeant } from './whereabouts.ts';

/** This process becomes the user's shell inside a namespace, whose name stands before its prompt. Throws as `goInside`. */
export function openShell(name: string): never {
  const netns = namespaceMeant(name);
  const prompt = netns.replace(/[^\w.@+-]/g, '?');
  const shell = process.env['SHELL'] || 'sh';
  const { args, env } = (BEGINNINGS[basename(shell)] ?? byPs1)(prompt);
  Object.assign(process.env, { NETFORM_NAMESPACE: netns, ...env });
  return goInside({ netns, argv: [shell, ...args] });
}

type Beginning = { readonly args: readonly string[]; readonly env: { readonly [name: string]: string } };

const byPs1 = (prompt: string): Beginning => ({ args: [], env: { PS1: `[${prompt}] # ` } });

/** Shells that read a file of the user's before they prompt. */
const BEGINNINGS: { readonly [shell: string]: (prompt: string) => Beginning } = {
  bash: (prompt) => ({ args: ['--rcfile', shippedPath('templates/shell/bashrc')], env: { NETFORM_PROMPT: prompt } }),
  zsh: (prompt) => ({
    args: [],
    env: {
      NETFORM_PROMPT: prompt,
      NETFORM_ZDOTDIR: process.env['ZDOTDIR'] ?? '',
      ZDOTDIR: shippedPath('templates/shell/zsh'),
    },
  }),
  fish: (prompt) => ({
    args: [
      '--init-command',
      `functions --copy fish_prompt netform_prompt; function fish_prompt; echo -n '[${prompt}] '; netform_prompt; end`,
    ],
    env: {},
  }),
};
