// The nodes of a cluster, a card each: what they carry, and the way to their own pages.

import { h, reconcile, setText } from '../dom.js';
import { bitRate, count, since, time } from '../format.js';

const LOCAL = /^(localhost|127\.|\[?::1\]?)/;
const FIGURES = [
  {
    key: 'published', name: 'Published', of: (node) => count(node.published), title: 'Streams that are published to it',
  },
  { key: 'subscribers', name: 'Subscribers', of: (node) => count(node.subscribers) },
  { key: 'pulls', name: 'Takes', of: (node) => count(node.pulls), title: 'Streams that it takes from other nodes' },
  {
    key: 'served', name: 'Gives', of: (node) => count(node.served),
    title: 'How often other nodes take a stream from it',
  },
];

/** @returns {element, update(cluster)} */
export function nodeCards() {
  const list = h('ul', { class: 'cards cluster-nodes', 'aria-label': 'Nodes' });
  const element = h('section', { 'aria-labelledby': 'nodes-title' }, h('h2', { id: 'nodes-title' }, 'Nodes'), list);
  return {
    element,
    update(cluster) {
      const absent = cluster.absent.map((node) => ({ ...node, isAbsent: true }));
      reconcile(list, [...cluster.nodes, ...absent], ({ id }) => id, create, update);
    },
  };
}

function create(node) {
  return h('li', { class: 'card cluster-node', 'data-node': node.id },
    h('h3', {}, node.id),
    h('span', { class: 'badges' }),
    h('p', { class: 'rate figure' }, h('span', { class: 'visually-hidden' }, 'Sends '), h('strong'),
      h('span', { class: 'muted' }, ' out')),
    h('dl', { class: 'figures' }, FIGURES.map(({ key, name, title }) => h('div', { 'data-field': key, title },
      h('dt', {}, name), h('dd', { class: 'figure' })))),
    h('p', { class: 'roles' }),
    h('p', { class: 'muted about' }),
    h('p', { class: 'go' }, h('a', {}, 'Its page')));
}

function update(card, node) {
  const state = node.isAbsent ? 'absent' : node.draining ? 'draining' : 'up';
  card.dataset.state = state;
  reconcile(card.querySelector('.badges'), badgesOf(node), ({ text }) => text,
    ({ kind, text }) => h('span', { class: `badge ${kind}` }, text), () => {});
  for (const part of ['.rate', '.figures', '.roles']) {
    card.querySelector(part).hidden = node.isAbsent === true;
  }
  const link = card.querySelector('.go a');
  const address = pageOf(node);
  link.parentElement.hidden = address === null;
  if (address && link.getAttribute('href') !== address) {
    link.setAttribute('href', address);
    link.setAttribute('aria-label', `Page of node ${node.id}`);
  }
  const about = card.querySelector('.about');
  if (node.isAbsent) {
    setText(about, `${node.drained ? 'It was drained and left' : 'Not seen since'} ${time(node.since)}.`);
    return;
  }
  setText(card.querySelector('.rate strong'), bitRate(node.outBitRate));
  for (const { key, of } of FIGURES) {
    setText(card.querySelector(`[data-field=${key}] dd`), of(node));
  }
  setText(card.querySelector('.roles'), node.roles.length > 0 ? `◆ ${node.roles.join(', ')}` : '');
  card.querySelector('.roles').hidden = node.roles.length === 0;
  const where = node.srtAddress ? ` · media at ${node.srtAddress}` : '';
  setText(about, `${node.self ? 'Up for' : 'Seen for'} ${since(node.since)}${where}`);
}

function badgesOf(node) {
  if (node.isAbsent) {
    return [node.drained ? { kind: '', text: '○ Away' } : { kind: 'bad', text: '✕ Gone' }];
  }
  return [
    node.self && { kind: '', text: 'This node' },
    node.draining ? { kind: 'warn', text: '! Draining' } : { kind: 'good', text: '✓ Up' },
  ].filter(Boolean);
}

/** Null where this browser can't be expected to reach it: a loopback address is another machine's for most. */
function pageOf({ self, httpAddress, isAbsent }) {
  if (self || isAbsent || !httpAddress || (LOCAL.test(httpAddress) && !LOCAL.test(location.hostname))) {
    return null;
  }
  return `${location.protocol}//${httpAddress}/#/cluster`;
}
