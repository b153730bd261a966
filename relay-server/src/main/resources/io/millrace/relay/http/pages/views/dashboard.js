// The node at a glance, and its streams: as cards, or as lines where there are many.

import { fill, h, reconcile, setText } from '../dom.js';
import { get, poll, streamPath } from '../api.js';
import { bitRate, count, millis, percent } from '../format.js';
import { healthBadge, healthKind, healthWord, setHealth, STATES } from '../parts/health.js';
import { elsewhereList } from '../parts/elsewhere.js';
import { nodeStrip } from '../parts/node-strip.js';
import { drawSparkline, remember, rememberEarlier, sparkline } from '../parts/sparkline.js';
import { setWhen, when } from '../parts/when.js';

/** More than so many streams are lines, and can be searched. */
const MANY = 12;
const NODE_MILLIS = 5000;
/** Beyond this age a stream that ended is shown when asked for only. */
const LATELY_MILLIS = 15 * 60000;
const SORT = 'millrace.streams.sort';
const ORDERS = {
  health: { name: 'Worst first', by: (a, b) => worse(a, b) || byName(a, b) },
  name: { name: 'Name', by: byName },
  rate: { name: 'Bit rate', by: (a, b) => b.bitRate - a.bitRate || byName(a, b) },
  subscribers: { name: 'Subscribers', by: (a, b) => b.subscribers - a.subscribers || byName(a, b) },
  loss: { name: 'Loss', by: (a, b) => (b.lostPercent ?? -1) - (a.lostPercent ?? -1) || byName(a, b) },
};

export function title() {
  return 'Streams';
}

export function mount(main) {
  const strip = nodeStrip();
  const state = h('p', { class: 'muted', role: 'status' }, 'Asking the relay …');
  const list = h('ul', { class: 'cards streams', 'aria-label': 'Streams' });
  const head = linesHead();
  const tools = streamTools(() => show());
  const elsewhere = elsewhereList();
  const ended = endedStreams();
  const empty = emptyState();
  fill(main, h('h1', { class: 'visually-hidden' }, 'Streams'),
    strip.element, state, tools.element, head, list, empty, elsewhere.element, ended.element);
  empty.hidden = true;
  head.hidden = true;
  let streams = null;
  let shown = [];
  let node = null;
  strip.update(null, {});

  function show() {
    if (!streams) {
      return;
    }
    const isMany = streams.length > MANY;
    tools.update(streams, isMany);
    head.hidden = !isMany;
    list.classList.toggle('lines', isMany);
    list.classList.toggle('cards', !isMany);
    shown = isMany ? tools.choose(streams) : [...streams].sort(byName);
    reconcile(list, shown, (stream) => stream.name, create, update);
    setText(state, isMany && shown.length === 0 ? 'No stream is like that.' : '');
    state.hidden = !state.textContent;
    const names = new Set(streams.map((stream) => stream.name));
    const others = elsewhere.update(names);
    empty.hidden = streams.length > 0 || others.length > 0;
    strip.update(node, sumsOf(streams));
    ended.update(new Set([...names, ...others.map((stream) => stream.name)]));
  }

  function failed(problem) {
    // The last that was heard stays, and where there was no answer the page says so.
    if (!streams || problem.status > 0) {
      setText(state, `${problem.message} Trying again …`);
      state.hidden = false;
    }
  }

  const ends = [
    poll(async (signal) => {
      streams = await get('/api/v1/streams', signal);
      streams.forEach((stream) => remember(stream.name, stream.bitRate));
      show();
    }, 1000, failed),
    poll(async (signal) => {
      [node] = await get('/api/v1/nodes', signal);
      show();
    }, NODE_MILLIS),
    elsewhere.start(NODE_MILLIS, show),
    poll(async (signal) => {
      ended.streams = await get('/api/v1/ended-streams', signal);
      show();
    }, 2 * NODE_MILLIS),
    seedSparklines(() => shown.slice(0, MANY)),
  ];
  return () => ends.forEach((end) => end());
}

/**
 * What the lines would have shown had the page been open: once for each stream, one after the other.
 *
 * @param first gives the streams that are seen first
 */
function seedSparklines(first) {
  const asked = new Set();
  return poll(async (signal) => {
    const next = first().find(({ name }) => !asked.has(name));
    if (!next) {
      return;
    }
    asked.add(next.name);
    const from = new Date(Date.now() - 60000).toISOString();
    const history = await get(streamPath(next.name, `/history?from=${encodeURIComponent(from)}`), signal);
    const value = (i) => history.inBitsPerSecond[i] ?? 0;
    rememberEarlier(next.name, history.time.map((at, i) => ({ at: Date.parse(at), value: value(i) })));
  }, 250);
}

function create(stream) {
  return h('li', { class: 'card stream' },
    h('h2', {}, h('a', { href: `#/streams/${encodeURIComponent(stream.name)}`, title: stream.name }, stream.name)),
    healthBadge(),
    h('p', { class: 'rate figure' }, h('span', { class: 'visually-hidden' }, 'Bit rate '), h('strong', {})),
    sparkline(),
    h('p', { class: 'media muted' }),
    h('dl', { class: 'figures' }, figure('loss', 'Loss'), figure('rtt', 'RTT'), figure('subscribers', 'Subscribers')),
    h('p', { class: 'reason' }, h('span', { class: 'first-reason' }), h('span', { class: 'more-reasons' })));
}

function figure(name, label) {
  return h('div', { class: name }, h('dt', {}, label), h('dd', { class: 'figure' }));
}

function update(card, stream) {
  const { health: { state, reasons }, publisher } = stream;
  card.dataset.health = state;
  setHealth(card.querySelector('.health'), state);
  setText(card.querySelector('.rate strong'), bitRate(stream.bitRate));
  drawSparkline(card.querySelector('.sparkline'), stream.name);
  setTextAndTitle(card.querySelector('.media'),
    mediaText(stream) || (publisher ? 'Contents not known' : 'No publisher'));
  setText(card.querySelector('.loss dd'), stream.lostPercent === null ? '–' : percent(stream.lostPercent));
  setText(card.querySelector('.rtt dd'), stream.rttMillis === null ? '–' : millis(stream.rttMillis));
  setText(card.querySelector('.subscribers dd'), count(stream.subscribers));
  const reason = card.querySelector('.reason');
  reason.hidden = reasons.length === 0;
  setTextAndTitle(reason.firstChild, reasons[0] ?? '');
  reason.firstChild.className = `first-reason ${state === 'good' ? 'muted' : healthKind(state)}`;
  setText(reason.lastChild, reasons.length > 1 ? `and ${reasons.length - 1} more` : '');
}

/** In a line there may be room for its beginning only. */
function setTextAndTitle(element, text) {
  setText(element, text);
  if (element.title !== text) {
    element.title = text;
  }
}

function mediaText({ pulledFrom, media }) {
  return [pulledFrom && `From\u00a0${pulledFrom}`, unbroken(media)].filter(Boolean).join(' · ');
}

/** Breaks between picture and sound, not between a number and its unit. */
function unbroken(media) {
  return media?.split(' · ').map((part) => part.replaceAll(' ', '\u00a0')).join(' · ');
}

/** What stands above the lines; a screen reader has it with each of them. */
function linesHead() {
  const head = (name) => h('span', {}, name);
  return h('div', { class: 'lines-head', 'aria-hidden': 'true' },
    ['Stream', 'Health', 'Bit rate', 'Last minute', 'Contents'].map(head),
    h('span', { class: 'heads' }, ['Loss', 'RTT', 'Subscribers'].map(head)));
}

/** Searching, ordering and counting, where there are many. */
function streamTools(changed) {
  const hint = 'Name, codec, address';
  const search = h('input', { type: 'search', id: 'stream-search', placeholder: hint, oninput: changed });
  const order = h('select', { id: 'stream-order', onchange: () => {
    localStorage.setItem(SORT, order.value);
    changed();
  } }, Object.entries(ORDERS).map(([value, { name }]) => h('option', { value }, name)));
  order.value = localStorage.getItem(SORT) in ORDERS ? localStorage.getItem(SORT) : 'health';
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Only streams of this health' });
  let wanted = null;
  const element = h('div', { class: 'stream-tools' },
    h('label', { for: 'stream-search' }, 'Search', search), h('label', { for: 'stream-order' }, 'Order', order), chips);
  element.hidden = true;

  function createChip(state) {
    return h('button', { type: 'button', class: 'chip', onclick: () => {
      wanted = wanted === state ? null : state;
      changed();
    } });
  }

  return {
    element,
    update(streams, isMany) {
      element.hidden = !isMany;
      reconcile(chips, STATES, (state) => state, createChip, (chip, state) => {
        const like = streams.filter((stream) => stream.health.state === state).length;
        setText(chip, `${count(like)} ${healthWord(state).toLowerCase()}`);
        chip.setAttribute('aria-pressed', String(wanted === state));
      });
    },
    choose(streams) {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      return streams
        .filter((stream) => !wanted || stream.health.state === wanted)
        .filter((stream) => {
          const text = `${stream.name} ${stream.media ?? ''} ${stream.publisher ?? ''} ${stream.pulledFrom ?? ''}`.toLowerCase();
          return words.every((word) => text.includes(word));
        })
        .sort(ORDERS[order.value].by);
    },
  };
}

/** Streams that are not there any more, but whose history is. */
function endedStreams() {
  const lately = h('ul', { class: 'ended' });
  const earlier = h('ul', { class: 'ended' });
  const summary = h('summary', {});
  const more = h('details', {}, summary, earlier);
  const element = h('section', { 'aria-label': 'Streams that ended' }, h('h2', {}, 'Ended'), lately, more);
  element.hidden = true;
  const ended = {
    element,
    streams: [],
    update(present) {
      const gone = ended.streams.filter(({ name }) => !present.has(name));
      const recent = gone.filter((stream) => Date.now() - Date.parse(stream.ended) < LATELY_MILLIS);
      const old = gone.filter((stream) => !recent.includes(stream));
      element.hidden = gone.length === 0;
      more.hidden = old.length === 0;
      setText(summary, `${count(old.length)} ${recent.length > 0 ? 'earlier ' : ''}in the last day`);
      reconcile(lately, recent, ({ name }) => name, createEnded, updateEnded);
      reconcile(earlier, old, ({ name }) => name, createEnded, updateEnded);
    },
  };
  return ended;
}

function createEnded({ name }) {
  const badge = healthBadge();
  setHealth(badge, 'ended');
  return h('li', {}, badge, h('a', { href: `#/streams/${encodeURIComponent(name)}` }, name), when());
}

function updateEnded(row, stream) {
  setWhen(row.querySelector('time'), stream.ended);
}

function emptyState() {
  return h('section', { class: 'panel empty' },
    h('h2', {}, 'No stream yet'),
    h('p', {}, 'Point an encoder at this relay, and the stream appears here within a second.'),
    h('p', {}, h('a', { class: 'button', href: '#/connect' }, 'How to publish a stream')),
    h('p', { class: 'muted' }, 'An encoder that tries and does not get in is among the ',
      h('a', { href: '#/attempts' }, 'attempts'), ', with the reason.'));
}

function sumsOf(streams) {
  const sum = (of) => streams.reduce((total, stream) => total + of(stream), 0);
  return {
    inBitRate: sum((stream) => stream.bitRate),
    outBitRate: sum((stream) => stream.outBitRate),
    streams: streams.length,
    publishers: sum((stream) => (stream.publisher && !stream.pulledFrom ? 1 : 0)),
    subscribers: sum((stream) => stream.subscribers),
  };
}

function worse(a, b) {
  return STATES.indexOf(a.health.state) - STATES.indexOf(b.health.state);
}

function byName(a, b) {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
