// One stream: who publishes it and how well, what is in it, and who gets it.

import { fill, h, setText } from '../dom.js';
import { authorizationHeaders, get, poll, streamPath } from '../api.js';
import { bitRate, count, since, time } from '../format.js';
import { connectionView } from '../parts/connection.js';
import { copyText } from '../parts/copy.js';
import { ask, toast } from '../parts/dialog.js';
import { historyGraphs } from '../parts/graphs.js';
import { streamGraphs } from '../parts/graph-kinds.js';
import { subscriberTable } from '../parts/subscribers.js';
import { codecLine, tsPanel } from '../parts/ts.js';

const STREAM_MILLIS = 1000;
/** With many subscribers their list is long, and asked for more rarely: so many of them a second. */
const SUBSCRIBERS_A_SECOND = 50;
const LEAST_CONNECTIONS_MILLIS = 2000;
const GREATEST_CONNECTIONS_MILLIS = 15000;

export function title(name) {
  return name;
}

export function mount(main, name) {
  const page = new StreamPage(name);
  fill(main, page.element);
  page.start();
  return () => page.stop();
}

class StreamPage {
  #name;
  #head;
  #banner = h('div', { class: 'stream-banner', role: 'status' });
  #publisherBox = h('div');
  #picture = h('section', { class: 'panel', 'aria-labelledby': 'picture-title', hidden: true },
    h('h2', { id: 'picture-title' }, 'Picture'));
  #attempts = h('section', { class: 'panel', 'aria-labelledby': 'attempts-title', hidden: true },
    h('h2', { id: 'attempts-title' }, 'Attempts to connect'));
  #subscribers;
  #subscribersTitle = h('h2', { id: 'subscribers-title' }, 'Subscribers');
  #graphs;
  #ts;
  #publisherView = null;
  #publisher = null;
  /** Also after it is gone. */
  #lastPublisher = null;
  /** Null before the first answer, and while there is no such stream. */
  #stream = null;
  #isAbsent = false;
  #wasLive = false;
  #endedAt = null;
  #connectionsAt = 0;
  #stops = [];
  #isStopped = false;

  constructor(name) {
    this.#name = name;
    this.#head = streamHead(name, () => this.#copyUrl());
    this.#subscribers = subscriberTable({ onChange: () => this.#fetchConnections() });
    this.#graphs = historyGraphs({
      path: streamPath(name, '/history'), graphs: streamGraphs(() => this.#lastPublisher?.latencyMillis ?? null),
    });
    this.#ts = tsPanel(name, { onAnalysis: (seen) => this.#head.showContents(codecLine(seen)) });
    this.element = h('div', { class: 'stream', 'data-stream': name },
      this.#head.element, this.#banner,
      h('div', { class: 'stream-top' }, this.#picture,
        panel('publisher', h('h2', { id: 'publisher-title' }, 'Publisher'), this.#publisherBox)),
      panel('graphs', h('h2', { id: 'graphs-title' }, 'Over time'), this.#graphs.element),
      panel('subscribers', this.#subscribersTitle, this.#subscribers.element),
      panel('ts', h('h2', { id: 'ts-title' }, 'Transport stream'), this.#ts.element),
      this.#attempts);
  }

  start() {
    this.#stops = [
      this.#graphs.stop, this.#ts.stop, this.#subscribers.stop,
      poll((signal) => this.#refresh(signal), STREAM_MILLIS, (problem) => this.#missed(problem)),
    ];
    this.#addPart('../parts/player.js', this.#picture, ({ mountPlayer }, place) => {
      const player = mountPlayer(place, { streamName: this.#name, headers: authorizationHeaders });
      return () => player.destroy();
    });
    this.#addPart('../parts/attempts.js', this.#attempts, ({ attemptList }, place) => {
      const list = attemptList({ streamName: this.#name });
      place.append(list.element);
      return list.stop;
    });
  }

  /** What is not needed at once; a page without it is still a page. */
  async #addPart(path, section, build) {
    try {
      const part = await import(path);
      if (!this.#isStopped) {
        this.#stops.push(build(part, section));
        section.hidden = false;
      }
    } catch (failure) {
      console.info(`${path} is left out: ${failure.message}`);
    }
  }

  async #refresh(signal) {
    if (this.#isAbsent && !await this.#isListed(signal)) {
      return;
    }
    const stream = await get(streamPath(this.#name), signal);
    this.#isAbsent = false;
    this.#show(stream);
    if (Date.now() - this.#connectionsAt >= connectionsMillis(stream.subscribers)
        || stream.publisherConnection !== (this.#publisher?.id ?? null)) {
      await this.#fetchConnections(signal);
    }
  }

  /** Asked for by its name a stream that is not there would be an error, again and again. */
  async #isListed(signal) {
    const streams = await get('/api/v1/streams', signal);
    return streams.some((stream) => stream.name === this.#name);
  }

  async #fetchConnections(signal) {
    this.#connectionsAt = Date.now();
    const all = await get(`/api/v1/connections?stream=${encodeURIComponent(this.#name)}`, signal);
    this.#showPublisher(all.find((connection) => connection.role === 'publisher') ?? null);
    const subscribers = all.filter((connection) => connection.role === 'subscriber');
    setText(this.#subscribersTitle, `Subscribers (${count(subscribers.length)})`);
    this.#subscribers.update(subscribers);
  }

  #missed(problem) {
    if (problem.status === 404) {
      this.#isAbsent = true;
      this.#show(null);
      this.#showPublisher(null);
      setText(this.#subscribersTitle, 'Subscribers');
      this.#subscribers.update([]);
    } else if (problem.status !== 0 && this.#stream === null) {
      this.#head.showState('warn', 'Not known');
      fill(this.#banner, h('p', {}, problem.message));
    }
  }

  #show(stream) {
    this.#stream = stream;
    const isLive = Boolean(stream?.publisher);
    if (this.#wasLive && !isLive && this.#endedAt === null) {
      this.#endedAt = new Date().toISOString();
    } else if (isLive) {
      this.#endedAt = null;
      this.#wasLive = true;
    }
    this.#head.show(stream);
    this.#graphs.setPresent(stream !== null);
    this.#ts.setLive(isLive);
    this.#showBanner(isLive);
  }

  #showBanner(isLive) {
    const state = isLive ? 'live' : this.#endedAt ? 'ended' : this.#stream ? 'waiting' : 'absent';
    if (this.element.dataset.state === state) {
      return;
    }
    this.element.dataset.state = state;
    if (state === 'live') {
      fill(this.#banner);
      return;
    }
    const text = {
      ended: `The publisher is gone since ${this.#endedAt ? time(this.#endedAt) : ''}. What was measured stays here, `
        + 'and this page goes on by itself when it comes back.',
      waiting: 'Subscribers are waiting, but nobody publishes this stream. It appears here as soon as somebody does.',
      absent: 'Nobody publishes this stream at the moment. What is known of its last day is below, and it appears here '
        + 'as soon as somebody publishes it.',
    }[state];
    fill(this.#banner, h('p', {}, h('strong', {}, '○ '), text),
      h('a', { class: 'button', href: connectPath(this.#name) }, 'How to publish it'));
  }

  #showPublisher(publisher) {
    this.#lastPublisher = publisher ?? this.#lastPublisher;
    if (publisher && this.#publisherView && publisher.id === this.#publisher?.id) {
      this.#publisher = publisher;
      this.#publisherView.update(publisher);
      return;
    }
    if (publisher === null && this.#publisherView === null && this.#publisherBox.hasChildNodes()) {
      return;
    }
    this.#publisherView?.stop();
    this.#publisher = publisher;
    this.#publisherView = publisher && connectionView(publisher, {
      consequence: () => this.#consequence(), onChange: () => this.#fetchConnections(),
    });
    fill(this.#publisherBox, this.#publisherView?.element ?? h('p', { class: 'muted' }, this.#noPublisherText()));
  }

  #noPublisherText() {
    const last = this.#lastPublisher;
    return last === null ? 'Nobody publishes at the moment.'
      : `Nobody publishes at the moment. The last one was ${last.label ?? last.user ?? 'a publisher'} at ${last.peer}, with `
        + `${count(last.latencyMillis)} ms latency and SRT ${last.srtVersion}.`;
  }

  #consequence() {
    const subscribers = this.#stream?.subscribers ?? 0;
    const affected = subscribers === 0 ? 'Nobody is watching.'
      : subscribers === 1 ? 'Its one subscriber gets nothing until somebody publishes again.'
        : `All ${count(subscribers)} subscribers get nothing until somebody publishes again.`;
    return `${affected} Most encoders call again by themselves within seconds.`;
  }

  async #copyUrl() {
    const url = await this.#pullUrl();
    if (await copyText(url)) {
      toast(`Copied ${url}`);
    } else {
      ask({ title: 'Pull URL', content: h('label', {}, 'Copy it from here', h('input', { readonly: true, value: url })),
        confirm: 'Done', act: () => true });
    }
  }

  async #pullUrl() {
    let address = this.#publisher?.local;
    if (!address) {
      const listeners = await get('/api/v1/listeners').catch(() => []);
      address = listeners[0]?.local ?? ':8890';
    }
    const port = address.slice(address.lastIndexOf(':') + 1);
    return `srt://${location.hostname}:${port}?streamid=#!::r=${inUrl(this.#name)}`;
  }

  stop() {
    this.#isStopped = true;
    this.#stops.forEach((stop) => stop());
    this.#publisherView?.stop();
  }
}

function panel(id, heading, content) {
  return h('section', { class: 'panel', id, 'aria-labelledby': `${id}-title` }, heading, content);
}

function connectPath(name) {
  return `#/connect?stream=${encodeURIComponent(name)}`;
}

/** As few signs as possible are written otherwise: people read and compare these. */
function inUrl(name) {
  return name.replace(/[^A-Za-z0-9._~/:@!-]/gu, encodeURIComponent);
}

function connectionsMillis(subscribers) {
  const wanted = 1000 * subscribers / SUBSCRIBERS_A_SECOND;
  return Math.min(GREATEST_CONNECTIONS_MILLIS, Math.max(LEAST_CONNECTIONS_MILLIS, wanted));
}

/** The name, the state and the few figures that are read from afar. */
function streamHead(name, copyUrl) {
  const state = h('span', { class: 'badge', 'data-field': 'state' }, '…');
  const health = h('span', { class: 'badge', 'data-field': 'health', hidden: true });
  const reasons = h('p', { class: 'reasons' });
  const rate = h('dd', { class: 'figure', 'data-field': 'bit-rate' }, '–');
  const subscribers = h('dd', { class: 'figure', 'data-field': 'subscribers' }, '–');
  const began = h('dd', { class: 'figure', 'data-field': 'since' }, '–');
  const contents = h('dd', { 'data-field': 'contents' }, '–');
  const element = h('div', { class: 'stream-head' },
    h('div', { class: 'stream-title' },
      h('h1', {}, name), state, health,
      h('div', { class: 'actions-bar' },
        h('a', { class: 'button', href: connectPath(name) }, 'How to connect'),
        h('button', { type: 'button', onclick: copyUrl }, 'Copy pull URL'))),
    reasons,
    h('dl', { class: 'tiles' },
      h('div', {}, h('dt', {}, 'Bit rate'), rate),
      h('div', {}, h('dt', {}, 'Subscribers'), subscribers),
      h('div', {}, h('dt', {}, 'Published for'), began),
      h('div', { class: 'wide' }, h('dt', {}, 'Contents'), contents)));
  function showState(kind, text) {
    state.className = `badge ${kind}`;
    setText(state, text);
  }
  function show(stream) {
    const isLive = Boolean(stream?.publisher);
    showState(isLive ? 'good' : '', isLive ? '● Live' : stream ? '○ Waiting for its publisher' : '○ Not published');
    setText(rate, isLive ? bitRate(stream.bitRate) : '–');
    setText(subscribers, stream ? count(stream.subscribers) : '–');
    setText(began, isLive ? since(stream.since) : '–');
    began.title = isLive ? stream.since : '';
    showHealth(health, reasons, stream?.health ?? null);
  }
  return { element, show, showState, showContents: (line) => setText(contents, line || '–') };
}

const HEALTH = {
  good: ['good', '✓ good'], ok: ['good', '✓ good'],
  warn: ['warn', '⚠ warning'], warning: ['warn', '⚠ warning'], degraded: ['warn', '⚠ degraded'],
  bad: ['bad', '✕ bad'], failing: ['bad', '✕ failing'],
};

function showHealth(badge, reasons, health) {
  badge.hidden = health === null;
  if (health === null) {
    setText(reasons, '');
    return;
  }
  const [kind, text] = HEALTH[health.state] ?? ['', health.state];
  badge.className = `badge ${kind}`;
  setText(badge, text);
  setText(reasons, (health.reasons ?? []).map((reason) => reason.text ?? reason.sentence ?? reason).join(' '));
}
