// The head of a stream's page: its name, its state and the few figures that are read from afar.

import { h, reconcile, setText } from '../dom.js';
import { bitRate, count, since } from '../format.js';
import { healthBadge, setHealth } from './health.js';

/** Where it is told how to publish and play a stream. */
export function connectPath(name) {
  return `#/connect?stream=${encodeURIComponent(name)}`;
}

/**
 * @returns {element, actions, show(stream, elsewhere), showState(kind, text), showContents(line)}; actions is where buttons
 *     go, a stream is null where there is none, and elsewhere the node that has it then, or null
 */
export function streamHead(name) {
  const state = h('span', { class: 'badge', 'data-field': 'state' }, '…');
  const health = healthBadge();
  health.dataset.field = 'health';
  health.hidden = true;
  const reasons = h('ul', { class: 'reasons', role: 'list' });
  const rate = h('dd', { class: 'figure', 'data-field': 'bit-rate' }, '–');
  const subscribers = h('dd', { class: 'figure', 'data-field': 'subscribers' }, '–');
  const began = h('dd', { class: 'figure', 'data-field': 'since' }, '–');
  const contents = h('dd', { 'data-field': 'contents' }, '–');
  const actions = h('div', { class: 'actions-bar' },
    h('a', { class: 'button', href: connectPath(name) }, 'How to connect'));
  const element = h('div', { class: 'stream-head' },
    h('div', { class: 'stream-title' },
      h('h1', {}, name), state, health, actions),
    reasons,
    h('dl', { class: 'stream-tiles' },
      h('div', {}, h('dt', {}, 'Bit rate'), rate),
      h('div', {}, h('dt', {}, 'Subscribers'), subscribers),
      h('div', {}, h('dt', {}, 'Published for'), began),
      h('div', { class: 'wide' }, h('dt', {}, 'Contents'), contents)));
  function showState(kind, text) {
    state.className = `badge ${kind}`;
    setText(state, text);
  }
  function show(stream, elsewhere = null) {
    const isLive = Boolean(stream?.publisher);
    const from = stream?.pulledFrom ? `, from ${stream.pulledFrom}` : '';
    showState(isLive || elsewhere ? 'good' : '', isLive ? `● Live${from}` : elsewhere ? `● On ${elsewhere}`
      : stream ? '○ Waiting for its publisher' : '○ Not published');
    setText(rate, isLive ? bitRate(stream.bitRate) : '–');
    setText(subscribers, stream ? count(stream.subscribers) : '–');
    setText(began, isLive ? since(stream.since) : '–');
    began.title = isLive ? stream.since : '';
    showHealth(health, reasons, stream?.health ?? null);
  }
  return { element, actions, show, showState, showContents: (line) => setText(contents, line || '–') };
}

function showHealth(badge, reasons, health) {
  badge.hidden = health === null;
  if (health !== null) {
    setHealth(badge, health.state);
  }
  reconcile(reasons, health?.reasons ?? [], (reason) => reason, () => h('li'), setText);
}
