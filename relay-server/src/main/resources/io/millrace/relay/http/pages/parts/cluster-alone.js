// What to do so that a node gets others beside it.

import { h } from '../dom.js';
import { copyButton } from './copy.js';

const CONFIGURATION = `cluster:
  mode: static
  secret: env:CLUSTER_SECRET
  host: 192.0.2.11
  members: [192.0.2.11, 192.0.2.12, 192.0.2.13]
`;

export function aloneText() {
  return h('section', { class: 'panel', id: 'alone', 'aria-labelledby': 'alone-title' },
    h('h2', { id: 'alone-title' }, 'This node is alone'),
    h('p', {}, 'With others beside it, publishers and viewers may call any of them: a stream is taken once from the node '
      + 'that has it, and a listener can be taken over by another node within a second when its owner dies.'),
    h('p', {}, 'Start the relay on each host with this in its configuration, ', h('code', {}, 'host'),
      ' being the address of the host itself and the secret the same on all of them:'),
    h('div', { class: 'snippet' }, h('pre', { tabindex: 0, 'aria-label': 'Configuration' }, CONFIGURATION),
      copyButton('configuration', () => CONFIGURATION, { caption: 'Copy' })),
    h('p', { class: 'muted' }, 'On one machine to try it out: ', h('code', {}, 'mode: host'), '. In Kubernetes: ',
      h('code', {}, 'mode: kubernetes'), '. The chapter "Cluster" of the README that comes with the program tells the rest, and ',
      h('code', {}, 'conf/millrace.yaml'), ' explains each key.'));
}
