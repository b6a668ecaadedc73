import { isNetnsLink } from '../../netns/netns.ts';
import { readEach } from '../need-reader.ts';

/** Tells names under /run/netns that are not namespaces. */
export const deadNamespaceReader = readEach<'dead-namespace'>(({ netns }, { find }) =>
  find(netns) === 'dead' ? (isNetnsLink(netns) ? 'link' : 'file') : null,
);
