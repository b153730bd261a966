// The node at a glance, and its streams.

import { fill, h, reconcile, setText } from '../dom.js';
import { get, poll } from '../api.js';
import { bitRate, count } from '../format.js';

export function title() {
  return 'Streams';
}

export function mount(main) {
  const streams = h('ul', { class: 'cards' });
  fill(main, h('h1', {}, 'Streams'), streams);
  return poll(async (signal) => {
    const now = await get('/api/v1/streams', signal);
    reconcile(streams, now, (stream) => stream.name, create, update);
  }, 1000);
}

function create(stream) {
  return h('li', { class: 'card' }, h('a', { href: `#/streams/${encodeURIComponent(stream.name)}` }, stream.name),
    h('p', { class: 'figure' }));
}

function update(card, stream) {
  setText(card.querySelector('.figure'), `${bitRate(stream.bitRate)} to ${count(stream.subscribers)}`);
}
