// The subscribers of a stream: a table that sorts, shows as many as one can read, and opens the details of each.

import { h, reconcile, setText } from '../dom.js';
import { bitRate, count, millis, since } from '../format.js';
import { connectionView } from './connection.js';
import { historyGraphs } from './graphs.js';
import { subscriberGraphs } from './graph-kinds.js';

const SHOWN_AT_FIRST = 50;

/** value is what to sort by, text what to show where it is no element; greatest numbers come first. */
const COLUMNS = [
  { id: 'who', name: 'Subscriber', value: (c) => name(c).toLowerCase(), textual: true },
  { id: 'since', name: 'For', value: (c) => -Date.parse(c.since), text: (c) => since(c.since) },
  { id: 'rate', name: 'Bit rate', value: (c) => c.mbpsSendRate, text: (c) => bitRate(c.mbpsSendRate * 1e6) },
  { id: 'rtt', name: 'RTT', value: (c) => c.msRTT, text: (c) => millis(c.msRTT) },
  {
    id: 'lost', name: 'Lost', title: 'Packets reported lost, before recovery',
    value: (c) => c.pktSndLossTotal, text: (c) => count(c.pktSndLossTotal),
  },
  {
    id: 'again', name: 'Sent again', title: 'Retransmitted packets',
    value: (c) => c.pktRetransTotal, text: (c) => count(c.pktRetransTotal),
  },
  {
    id: 'dropped', name: 'Dropped', title: 'Packets lost for good: too late, or the subscriber too slow',
    value: dropped, text: (c) => count(dropped(c)),
  },
  {
    id: 'buffer', name: 'Send buffer', title: 'Age of the oldest unacknowledged packet, against the latency',
    value: (c) => c.msSndBuf / c.latencyMillis,
  },
  { id: 'link', name: 'Link', value: (c) => (c.advice === null ? 1 : c.advice.sufficient ? 0 : 2) },
];

/**
 * @param onChange is called when one was changed
 * @returns {element, update(connections), stop}
 */
export function subscriberTable({ onChange }) {
  const opened = new Map();
  let order = { column: COLUMNS[1], descending: false };
  let connections = [];
  let showsAll = false;
  /** Places of the rows by the ids of their connections. */
  let places = new Map();
  const heads = COLUMNS.map((column) => h('th', { scope: 'col', class: column.textual ? null : 'number' },
    h('button', { type: 'button', class: 'sort', title: column.title, onclick: () => sortBy(column) }, column.name,
      h('span', { 'aria-hidden': 'true', class: 'direction' }))));
  const body = h('tbody');
  const table = h('table', { class: 'subscribers' }, h('thead', {}, h('tr', {}, heads)), body);
  const scroll = h('div', {
    class: 'scroll subscribers-box', tabindex: 0, role: 'region', 'aria-label': 'Table of subscribers',
  }, table);
  const empty = h('p', { class: 'muted' }, 'Nobody watches this stream at the moment.');
  const more = h('button', { type: 'button', onclick: () => {
    showsAll = true;
    show();
  } });
  const element = h('div', {}, empty, scroll, more);

  function sortBy(column) {
    const isSame = order.column === column;
    order = { column, descending: isSame ? !order.descending : !column.textual && column.id !== 'since' };
    places = new Map();
    show();
  }

  function show() {
    heads.forEach((head, i) => {
      const isOrdered = COLUMNS[i] === order.column;
      head.setAttribute('aria-sort', isOrdered ? (order.descending ? 'descending' : 'ascending') : 'none');
      setText(head.querySelector('.direction'), isOrdered ? (order.descending ? ' ↓' : ' ↑') : '');
    });
    const sorted = inOrder();
    const shown = sorted.filter(({ id }, place) => showsAll || place < SHOWN_AT_FIRST || opened.has(id));
    empty.hidden = sorted.length > 0;
    scroll.hidden = sorted.length === 0;
    more.hidden = shown.length === sorted.length;
    setText(more, `Show all ${count(sorted.length)}`);
    const present = new Set(shown.map((connection) => connection.id));
    [...opened.keys()].filter((id) => !present.has(id)).forEach(close);
    const rows = shown.flatMap((connection) => (opened.has(connection.id)
      ? [{ connection }, { connection, details: opened.get(connection.id) }]
      : [{ connection }]));
    reconcile(body, rows, (row) => `${row.connection.id}${row.details ? 'details' : ''}`, createRow, updateRow);
  }

  /** Rows don't move under a pointer or away from the focus; new ones come last meanwhile. */
  function inOrder() {
    const sorted = [...connections].sort(comparison(order));
    if (body.matches(':hover, :focus-within')) {
      sorted.sort((a, b) => (places.get(a.id) ?? Infinity) - (places.get(b.id) ?? Infinity) || 0);
    }
    places = new Map(sorted.map(({ id }, place) => [id, place]));
    return sorted;
  }

  function createRow({ connection, details }) {
    if (details) {
      const cell = h('td', { colspan: COLUMNS.length }, details.element);
      return h('tr', { class: 'details', id: `details-${connection.id}` }, cell);
    }
    const button = h('button', {
      type: 'button', class: 'who', 'aria-expanded': 'false', 'aria-controls': `details-${connection.id}`,
      onclick: () => toggle(connection),
    }, h('span', { class: 'name' }), h('span', { class: 'muted peer' }));
    return h('tr', { 'data-connection': connection.id }, COLUMNS.map((column) => (column.textual
      ? h('td', {}, button)
      : h('td', { class: 'number' }, cellOf(column)))));
  }

  function updateRow(row, { connection, details }) {
    if (details) {
      details.update(connection);
      return;
    }
    COLUMNS.forEach((column, i) => updateCell(row.children[i], column, connection));
    row.querySelector('.who').setAttribute('aria-expanded', opened.has(connection.id));
  }

  function toggle(connection) {
    if (opened.has(connection.id)) {
      close(connection.id);
    } else {
      opened.set(connection.id, subscriberDetails(connection, onChange));
    }
    show();
  }

  function close(id) {
    opened.get(id).stop();
    opened.delete(id);
  }

  show();
  return {
    element,
    update(changed) {
      connections = changed;
      show();
    },
    stop: () => [...opened.keys()].forEach(close),
  };
}

function subscriberDetails(connection, onChange) {
  const view = connectionView(connection, {
    consequence: () => 'It may call again; the publisher and all other subscribers are not affected.', onChange,
  });
  const graphs = historyGraphs({
    path: `/api/v1/connections/${connection.id}/history`,
    ofConnection: true,
    graphs: subscriberGraphs(connection.latencyMillis),
  });
  return {
    element: h('div', { class: 'details-box' }, view.element, graphs.element),
    update: view.update,
    stop() {
      graphs.stop();
      view.stop();
    },
  };
}

function cellOf(column) {
  if (column.id === 'buffer') {
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'bar-fill' }));
    return [bar, h('span', { class: 'value' })];
  }
  return column.id === 'link' ? h('span', { class: 'badge' }) : null;
}

function updateCell(cell, column, connection) {
  if (column.id === 'who') {
    setText(cell.querySelector('.name'), name(connection));
    setText(cell.querySelector('.peer'), name(connection) === connection.peer ? '' : connection.peer);
  } else if (column.id === 'buffer') {
    const share = Math.min(1, (connection.msSndBuf ?? 0) / connection.latencyMillis);
    const bar = cell.querySelector('.bar-fill');
    bar.style.width = `${100 * share}%`;
    bar.className = `bar-fill ${share > 0.9 ? 'full' : share > 0.6 ? 'filling' : ''}`;
    setText(cell.querySelector('.value'), `${count(connection.msSndBuf)} of ${millis(connection.latencyMillis)}`);
  } else if (column.id === 'link') {
    showLink(cell.firstElementChild, connection);
  } else {
    setText(cell, column.text(connection));
  }
}

function showLink(badge, { advice, latencyMillis }) {
  const state = advice === null ? '' : advice.sufficient ? 'good' : 'warn';
  badge.className = `badge ${state}`;
  badge.title = advice?.sentence ?? 'Known about 10 s after the beginning';
  setText(badge, advice === null ? 'measuring' : advice.sufficient ? '✓ set well'
    : advice.latencyMillis > latencyMillis ? `⚠ set ${millis(advice.latencyMillis)}` : '⚠ too little bandwidth');
}

function name(connection) {
  return connection.label ?? connection.user ?? connection.peer;
}

function dropped(connection) {
  return connection.pktSndDropTotal + connection.pktLappedTotal + connection.pktShedTotal;
}

/** Those that nothing is known of come last; equal ones stay in the order of their coming. */
function comparison({ column, descending }) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === right) {
      return a.id - b.id;
    }
    if (!isKnown(left) || !isKnown(right)) {
      return isKnown(left) ? -1 : isKnown(right) ? 1 : a.id - b.id;
    }
    return left < right ? -sign : sign;
  };
}

function isKnown(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}
