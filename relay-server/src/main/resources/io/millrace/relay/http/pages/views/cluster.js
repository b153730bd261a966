// The cluster at a glance: its nodes, who has which role, and which node takes which stream from which.

import { fill, h, reconcile, setText } from '../dom.js';
import { get, poll } from '../api.js';
import { bitRate, count, millis, percent, time } from '../format.js';
import { aloneText } from '../parts/cluster-alone.js';
import { clusterMap, MOST_DRAWN } from '../parts/cluster-map.js';
import { nodeCards } from '../parts/cluster-nodes.js';
import { roleTable } from '../parts/cluster-roles.js';

/** More streams than that can be searched, and are shown so many at a time. */
const MANY = 12;
const MOST_SHOWN = 200;

export function title() {
  return 'Cluster';
}

export function mount(main) {
  const state = h('p', { class: 'muted', role: 'status' }, 'Asking the relay …');
  const tiles = h('dl', { class: 'tiles', 'aria-label': 'The cluster' });
  const notes = h('ul', { class: 'notes' });
  const map = clusterMap();
  const mapPanel = h('section', { class: 'panel', 'aria-labelledby': 'map-title' },
    h('h2', { id: 'map-title' }, 'Map'), h('div', { class: 'map-place' }, map.element), mapLegend());
  const nodes = nodeCards();
  const roles = roleTable();
  const streams = streamList((name) => map.emphasize(name));
  const alone = aloneText();
  const known = h('div', { hidden: true }, h('div', { class: 'node' }, tiles, h('div', { role: 'status' }, notes)),
    mapPanel, alone, nodes.element, roles.element, streams.element);
  fill(main, h('h1', { class: 'visually-hidden' }, 'Cluster'), state, known);
  let isKnown = false;

  function show(cluster) {
    isKnown = true;
    state.hidden = true;
    known.hidden = false;
    const isAlone = cluster.mode === 'none';
    alone.hidden = !isAlone;
    reconcile(tiles, tilesOf(cluster), ({ name }) => name, createTile, updateTile);
    reconcile(notes, notesOf(cluster), ({ text }) => text, createNote, () => {});
    mapPanel.hidden = isAlone || cluster.nodes.length + cluster.absent.length > MOST_DRAWN;
    if (!mapPanel.hidden) {
      map.update(cluster);
    }
    nodes.update(cluster);
    roles.update(cluster);
    streams.update(cluster);
  }

  const stop = poll(async (signal) => show(await get('/api/v1/cluster', signal)), 1000, (problem) => {
    // The last that was heard stays, and where there was no answer the page says so.
    if (!isKnown || problem.status > 0) {
      setText(state, `${problem.message} Trying again …`);
      state.hidden = false;
    }
  });
  return () => {
    stop();
    map.end();
  };
}

function tilesOf(cluster) {
  const sum = (of) => cluster.nodes.reduce((total, node) => total + of(node), 0);
  const isShort = cluster.nodes.length < cluster.configured;
  return [
    { name: 'Nodes', text: `${count(cluster.nodes.length)} of ${count(cluster.configured)}`, warns: isShort },
    {
      name: 'Quorum', text: cluster.hasQuorum ? `✓ of ${count(cluster.quorum)}` : 'none', warns: !cluster.hasQuorum,
    },
    { name: 'Streams', text: count(cluster.streams.length) },
    { name: 'Between nodes', text: count(sum((node) => node.pulls)) },
    { name: 'Out', text: bitRate(sum((node) => node.outBitRate)) },
    { name: 'Publishers', text: count(sum((node) => node.publishers)) },
    { name: 'Subscribers', text: count(sum((node) => node.subscribers)) },
  ];
}

function createTile({ name }) {
  return h('div', { class: 'tile', 'data-tile': name.toLowerCase().replace(' ', '-') },
    h('dt', {}, name), h('dd', { class: 'figure' }));
}

function updateTile(tile, { text, warns = false }) {
  const value = tile.querySelector('dd');
  setText(value, warns ? `! ${text}` : text);
  value.classList.toggle('warn', warns);
}

function notesOf(cluster) {
  const notes = [];
  if (!cluster.joined) {
    notes.push({
      kind: 'warn', word: '! Looking', text: 'This node looks for the others, and works alone until it has found one.',
    });
  } else if (!cluster.hasQuorum) {
    notes.push({
      kind: 'bad', word: '✕ No quorum',
      text: `Fewer than ${count(cluster.quorum)} nodes hear each other. Listeners with an exclusive role are not served `
        + 'here; all that is connected stays. See whether the other nodes run, and whether this one reaches them.',
    });
  }
  for (const node of cluster.absent) {
    notes.push(node.drained
      ? { kind: '', word: '○ Away', text: `Node ${node.id} was drained and left at ${time(node.since)}.` }
      : { kind: 'bad', word: '✕ Gone', text: `Node ${node.id} died or can't be reached since ${time(node.since)}.` });
  }
  for (const node of cluster.nodes.filter(({ draining }) => draining)) {
    notes.push({ kind: 'warn', word: '! Draining', text: `Node ${node.id} takes no new work, and is about to leave.` });
  }
  return notes;
}

function createNote({ kind, word, text }) {
  return h('li', {}, h('span', { class: `badge ${kind}` }, word), h('span', {}, text));
}

function mapLegend() {
  return h('p', { class: 'muted map-legend' },
    'An arrow goes to the node that takes streams: bit rate, round-trip time, packets that had to be sent again. '
    + '◆ is a role that the node has.');
}

/** @param onPoint told which stream is looked at, by its name, and null for none */
function streamList(onPoint) {
  const search = h('input', {
    type: 'search', id: 'cluster-search', placeholder: 'Name or node', oninput: () => show(),
  });
  const tools = h('label', { for: 'cluster-search', class: 'cluster-search' }, 'Search', search);
  const list = h('ul', { class: 'cluster-streams' });
  const more = h('p', { class: 'muted', role: 'status' });
  const element = h('section', { class: 'panel', id: 'cluster-streams', 'aria-labelledby': 'cluster-streams-title' },
    h('h2', { id: 'cluster-streams-title' }, 'Streams by node'), tools, list, more);
  let streams = [];

  function show() {
    const isMany = streams.length > MANY;
    tools.hidden = !isMany;
    const words = isMany ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    const chosen = streams.filter((stream) => words.every((word) => textOf(stream).includes(word)));
    reconcile(list, chosen.slice(0, MOST_SHOWN), ({ name }) => name,
      ({ name }) => createStream(name, onPoint), updateStream);
    const rest = chosen.length - MOST_SHOWN;
    setText(more, streams.length === 0 ? 'No stream is published on any node.'
      : chosen.length === 0 ? 'No stream is like that.' : rest > 0 ? `and ${count(rest)} more: search for them` : '');
    more.hidden = !more.textContent;
  }

  return {
    element,
    update(cluster) {
      ({ streams } = cluster);
      show();
    },
  };
}

function textOf({ name, node, pulls }) {
  return [name, node ?? '', ...pulls.map((pull) => pull.node)].join(' ').toLowerCase();
}

function createStream(name, onPoint) {
  return h('li', {
    'data-stream': name, onpointerenter: () => onPoint(name), onpointerleave: () => onPoint(null),
    onfocusin: () => onPoint(name), onfocusout: () => onPoint(null),
  },
  h('a', { class: 'name', href: `#/streams/${encodeURIComponent(name)}` }, name),
  h('span', { class: 'origin' }),
  h('ul', { class: 'pulls' }));
}

function updateStream(row, { node, pulls }) {
  setText(row.querySelector('.origin'), node ? `on ${node}` : '! its publisher is gone');
  row.querySelector('.origin').classList.toggle('warn', !node);
  reconcile(row.querySelector('.pulls'), pulls, (pull) => pull.node,
    () => h('li', {}, h('span', { class: 'to' }), h('span', { class: 'figure muted' })),
    (item, pull) => updatePull(item, pull, node));
}

function updatePull(item, pull, origin) {
  const [to, figures] = item.children;
  setText(to, `→ ${pull.node}${pull.from === origin ? '' : ` by way of ${pull.from}`}`);
  setText(figures, `${bitRate(pull.bitRate)} · RTT ${millis(pull.rttMillis)} · ${percent(pull.lostPercent)} lost`);
}
