// The node at a glance: a few figures in a row, and what is wrong with the node as a whole.

import { h, reconcile, setText } from '../dom.js';
import { bitRate, bytes, count, percent, span } from '../format.js';

/** A loop that is busier than this has little room for more callers. */
const BUSY = 0.8;
const TILES = [
  { key: 'in', name: 'In', of: (node, sums) => bitRate(sums.inBitRate) },
  { key: 'out', name: 'Out', of: (node, sums) => bitRate(sums.outBitRate) },
  { key: 'streams', name: 'Streams', of: (node, sums) => count(sums.streams) },
  { key: 'publishers', name: 'Publishers', of: (node, sums) => count(sums.publishers) },
  { key: 'subscribers', name: 'Subscribers', of: (node, sums) => count(sums.subscribers) },
  {
    key: 'loop', name: 'Busiest loop', of: (node) => (node ? percent(100 * node.busiestLoop) : '–'),
    warns: (node) => node && node.busiestLoop > BUSY, title: 'How much of its time the busiest event loop works',
  },
  {
    key: 'heap', name: 'Memory', of: (node) => (node ? bytes(node.heap.usedBytes) : '–'),
    title: (node) => node && `Of ${bytes(node.heap.maxBytes)} that Java's heap may take`,
  },
  {
    key: 'refused', name: 'Refused, 1 min', of: (node) => (node ? count(node.refusedLastMinute) : '–'),
    warns: (node) => node && node.refusedLastMinute > 0, link: '#/attempts?result=refused',
    title: 'Callers that were turned away in the last minute',
  },
  {
    key: 'uptime', name: 'Up for', of: (node) => (node ? span(node.uptimeSeconds) : '–'),
    title: (node) => node && `Since ${node.since}`,
  },
];

/** @returns its element; update() takes a node of /api/v1/nodes, null for none yet, and sums over the streams */
export function nodeStrip() {
  const tiles = h('dl', { class: 'tiles' });
  const notes = h('ul', { class: 'notes' });
  const version = h('p', { class: 'version muted' });
  const element = h('section', { class: 'node', 'aria-label': 'This node' }, tiles,
    h('div', { role: 'status' }, notes), version);
  return {
    element,
    update(node, sums) {
      reconcile(tiles, TILES, (tile) => tile.key, createTile, (tile, of) => updateTile(tile, of, node, sums));
      if (node) {
        reconcile(notes, notesOf(node), (note) => note.text, createNote, () => {});
        setText(version, `Millrace ${node.version} on Java ${node.java} · ${ports(node.listeners)}`);
      }
    },
  };
}

function createTile(tile) {
  const value = h('dd', { class: 'figure' });
  const name = tile.link ? h('a', { href: tile.link }, tile.name) : tile.name;
  return h('div', { class: 'tile', 'data-tile': tile.key }, h('dt', {}, name), value);
}

function updateTile(element, tile, node, sums) {
  const value = element.querySelector('dd');
  const warns = Boolean(tile.warns?.(node));
  setText(value, warns ? `! ${tile.of(node, sums)}` : tile.of(node, sums));
  value.classList.toggle('warn', warns);
  element.title = (typeof tile.title === 'function' ? tile.title(node) : tile.title) || '';
}

function notesOf(node) {
  const notes = node.notReady.map((reason) => ({ kind: 'bad', word: '✕ Not ready', text: reason }));
  if (node.ready) {
    notes.push({ kind: 'good', word: '✓ Ready', text: '' });
  }
  if (node.openToEverybody) {
    notes.push({
      kind: 'warn', word: '! Open',
      text: 'Everybody who reaches it may publish and watch. To change that, set access.otherwise to deny.',
    });
  }
  return notes;
}

function createNote(note) {
  return h('li', {}, h('span', { class: `badge ${note.kind}` }, note.word), note.text !== '' && h('span', {}, note.text));
}

function ports(listeners) {
  const one = ({ name, port, ready }) => `SRT ${name} on UDP ${port ?? '–'}${ready ? '' : ' (not bound)'}`;
  return listeners.map(one).join(', ');
}
