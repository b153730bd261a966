// What a connection's statistics say of the last seconds, since its start and since the mark.

import { fill, h, setText } from '../dom.js';
import { bytes, count, millis, percent, since, span } from '../format.js';

/** Places in the report of the API, and how to head them. */
const TIMES = [
  { name: 'tenSeconds', title: 'Last 10 s' },
  { name: 'sinceStart', title: 'Since the start', total: true },
  { name: 'sinceMark', title: 'Since the mark' },
];

const SPREADS = [
  ['RTT', 'rttMillis', millis],
  ['Receive buffer', 'receiveBufferMillis', millis],
  ['Send buffer', 'sendBufferMillis', millis],
  ['Lost before recovery', 'lostPercent', percent],
  ['Lost packets a second', 'lostPackets', count],
  ['Sent again', 'retransmittedPercent', percent],
];

/** libsrt's names, without the Total that they have where they count from the start. */
const COUNTERS = {
  publisher: [
    ['Packets received', 'pktRecvUnique', count],
    ['Bytes received', 'byteRecv', bytes],
    ['Packets lost before recovery', 'pktRcvLoss', count],
    ['Packets recovered by sending again', 'pktRcvRetrans', count],
    ['Packets lost for good', 'pktRcvDrop', count],
    ['Packets that came too late', 'pktRcvBelated', count],
    ['Packets not decrypted', 'pktRcvUndecrypt', count],
    ['NAKs sent', 'pktSentNAK', count],
  ],
  subscriber: [
    ['Packets sent', 'pktSentUnique', count],
    ['Bytes sent', 'byteSent', bytes],
    ['Packets reported lost', 'pktSndLoss', count],
    ['Packets sent again', 'pktRetrans', count],
    ['Packets lost for good', 'pktSndDrop', count],
    ['Payloads it was too slow for', 'pktLapped', count],
    ['Payloads the relay was too busy for', 'pktShed', count],
    ['NAKs received', 'pktRecvNAK', count],
  ],
};

/** @returns {element, update(report)} */
export function statisticsTable({ id, role }) {
  const heads = TIMES.map(({ title }) => h('th', { scope: 'col', class: 'number' }, title));
  const rows = [...spreadRows(role), ...COUNTERS[role].map(([title, name, format]) => counterRow(title, name, format))];
  const lengths = TIMES.map(() => h('td', { class: 'number' }));
  const label = `Statistics of connection ${id}`;
  const element = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h('table', { class: 'statistics' },
      h('thead', {}, h('tr', {}, h('td'), heads)),
      h('tbody', {}, h('tr', {}, h('th', { scope: 'row' }, 'Time counted'), lengths), rows.map((row) => row.element))));
  function update(report) {
    TIMES.forEach((time, i) => {
      const part = report[time.name];
      setText(lengths[i], part === null ? 'no mark set' : part.since ? since(part.since) : span(part.seconds));
      rows.forEach((row) => setText(row.cells[i], part === null ? '' : row.text(part, time.total ? 'Total' : '')));
    });
  }
  return { element, update };
}

function spreadRows(role) {
  const foreign = role === 'publisher' ? 'sendBufferMillis' : 'receiveBufferMillis';
  return SPREADS.filter(([, name]) => name !== foreign)
    .map(([title, name, format]) => row([title, h('span', { class: 'muted' }, ' mean / 95 % / max')], (part) => {
      const spread = part[name];
      return spread ? `${short(format, spread.mean)} / ${short(format, spread.p95)} / ${format(spread.max)}` : '–';
    }));
}

/** The unit stands at the last one only, if it is the same. */
function short(format, value) {
  return format(value).replace(/ (ms|%)$/, '');
}

function counterRow(title, name, format) {
  return row(title, (part, ending) => {
    const value = part[`${name}${ending}`];
    return value === undefined ? '' : format(value);
  });
}

function row(title, text) {
  const cells = TIMES.map(() => h('td', { class: 'number' }));
  return { element: h('tr', {}, h('th', { scope: 'row' }, title), cells), cells, text };
}

/** Everything that the API has of a connection by libsrt's names; made when it is looked at. */
export function libsrtList() {
  const list = h('dl', { class: 'libsrt' });
  let newest = null;
  const element = h('details', { ontoggle: show }, h('summary', {}, 'All statistics by libsrt’s names'), list);
  function show() {
    if (!element.open || !newest) {
      return;
    }
    const values = Object.entries(newest).filter(([name]) => /^(pkt|byte|ms|us|mbps)[A-Z]/.test(name));
    if (list.children.length !== values.length) {
      fill(list, values.map(([name]) => h('div', {}, h('dt', { class: 'mono' }, name), h('dd', { class: 'figure' }))));
    }
    values.forEach(([, value], i) => setText(list.children[i].lastElementChild, value.toLocaleString('en')));
  }
  return {
    element,
    update(connection) {
      newest = connection;
      show();
    },
  };
}
