import { basename } from 'node:path';
import { assetPath } from '../assets.ts';
import { resolveLiveNamespace } from '../resolve/endpoint.ts';
import type { OfflineSession } from '../session.ts';
import { execProgram } from './exec.ts';

/** This process becomes the user's shell inside a namespace, whose name stands before its prompt. Throws as `goInside`. */
export function openShell(session: OfflineSession, name: string): never {
  const { netns } = resolveLiveNamespace(session.store, name);
  const prompt = netns.replace(/[^\w.@+-]/g, '?');
  const shell = process.env['SHELL'] || 'sh';
  const { args, env } = (SHELL_INVOCATIONS[basename(shell)] ?? ps1Invocation)(prompt);
  Object.assign(process.env, { NETFORM_NAMESPACE: netns, ...env });
  return execProgram(session, { netns, argv: [shell, ...args] });
}

type ShellInvocation = { readonly args: readonly string[]; readonly env: { readonly [name: string]: string } };

const ps1Invocation = (prompt: string): ShellInvocation => ({ args: [], env: { PS1: `[${prompt}] # ` } });

/** Shells that read a file of the user's before they prompt. */
const SHELL_INVOCATIONS: { readonly [shell: string]: (prompt: string) => ShellInvocation } = {
  bash: (prompt) => ({ args: ['--rcfile', assetPath('templates/shell/bashrc')], env: { NETFORM_PROMPT: prompt } }),
  zsh: (prompt) => ({
    args: [],
    env: {
      NETFORM_PROMPT: prompt,
      NETFORM_ZDOTDIR: process.env['ZDOTDIR'] ?? '',
      ZDOTDIR: assetPath('templates/shell/zsh'),
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
