// Streams that other nodes of the cluster publish, and that nobody has asked this node for yet.

import { h, reconcile, setText } from '../dom.js';
import { get, poll } from '../api.js';
import { count } from '../format.js';

const MOST_SHOWN = 200;

/** Where a stream is published, or null: what the page of one stream asks while this node doesn't have it. */
export async function nodeOf(name, signal) {
  const { streams, self } = await get('/api/v1/cluster', signal);
  const node = streams.find((stream) => stream.name === name)?.node ?? null;
  return node === self ? null : node;
}

/**
 * @returns {element, start(everyMillis, onChange), update(names)}; start returns what ends it, and update takes the names of
 *     the streams of this node and returns the others
 */
export function elsewhereList() {
  const list = h('ul', { class: 'ended elsewhere' });
  const more = h('p', { class: 'muted' });
  const element = h('section', { 'aria-labelledby': 'elsewhere-title' },
    h('h2', { id: 'elsewhere-title' }, 'On other nodes'), list, more);
  element.hidden = true;
  let cluster = null;
  return {
    element,
    start: (everyMillis, onChange) => poll(async (signal) => {
      // A node that is alone stays so until it is started again, and this page is then told by its other requests.
      if (cluster?.mode !== 'none') {
        cluster = await get('/api/v1/cluster', signal);
        onChange();
      }
    }, everyMillis),
    update(names) {
      const others = (cluster?.streams ?? [])
        .filter(({ name, node }) => node && node !== cluster.self && !names.has(name));
      element.hidden = others.length === 0;
      reconcile(list, others.slice(0, MOST_SHOWN), ({ name }) => name, create, update);
      const rest = others.length - MOST_SHOWN;
      setText(more, rest > 0 ? `and ${count(rest)} more, on the page of the cluster` : '');
      more.hidden = rest <= 0;
      return others;
    },
  };
}

function create({ name }) {
  return h('li', { 'data-stream': name }, h('span', { class: 'badge' }),
    h('a', { href: `#/streams/${encodeURIComponent(name)}` }, name),
    h('span', { class: 'muted' }, 'comes here when somebody watches it'));
}

function update(row, { node }) {
  setText(row.firstChild, `on ${node}`);
}
