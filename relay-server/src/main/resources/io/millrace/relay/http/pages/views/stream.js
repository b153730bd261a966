// One stream: who publishes it and how well, what is in it, and who gets it.

import { fill, h, setText } from '../dom.js';
import { authorizationHeaders, get, poll, streamPath } from '../api.js';
import { count, time } from '../format.js';
import { attemptList } from '../parts/attempts.js';
import { connectionView } from '../parts/connection.js';
import { copyButton } from '../parts/copy.js';
import { nodeOf } from '../parts/elsewhere.js';
import { historyGraphs } from '../parts/graphs.js';
import { streamGraphs } from '../parts/graph-kinds.js';
import { mountPlayer } from '../parts/player.js';
import { rawUrl } from '../parts/srt-address.js';
import { connectPath, streamHead } from '../parts/stream-head.js';
import { subscriberTable } from '../parts/subscribers.js';
import { codecLine, tsPanel } from '../parts/ts.js';

const STREAM_MILLIS = 2000;
const BETWEEN_NODES = '(nodes)';
/** How often other nodes are asked for whether they have what isn't here. */
const ELSEWHERE_MILLIS = 5000;
/** With many subscribers their list is long, and asked for more rarely: so many of them a second. */
const SUBSCRIBERS_A_SECOND = 50;
const LEAST_CONNECTIONS_MILLIS = 1900;
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
  #picture = h('section', { class: 'panel', 'aria-labelledby': 'picture-title' },
    h('h2', { id: 'picture-title' }, 'Picture'));
  #attempts = h('section', { class: 'panel', 'aria-labelledby': 'attempts-title' },
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
  /** The node that publishes what isn't here. */
  #elsewhere = null;
  #elsewhereAt = 0;
  #player = null;
  #connectionsAt = 0;
  #stops = [];

  constructor(name) {
    this.#name = name;
    this.#head = streamHead(name);
    this.#subscribers = subscriberTable({ onChange: () => this.#refetch() });
    this.#graphs = historyGraphs({
      path: streamPath(name, '/history'), graphs: streamGraphs(() => this.#lastPublisher?.latencyMillis ?? null),
    });
    this.#ts = tsPanel(name, { onAnalysis: (seen) => this.#head.showContents(codecLine(seen)) });
    this.element = h('div', { class: 'stream-page', 'data-stream': name },
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
    this.#player = mountPlayer(this.#picture, { streamName: this.#name, headers: authorizationHeaders });
    const attempts = attemptList({ streamName: this.#name });
    this.#attempts.append(attempts.element);
    this.#stops.push(() => this.#player.destroy(), attempts.end);
    this.#addCopyButton();
  }

  async #refresh(signal) {
    if (this.#isAbsent && !await this.#isListed(signal)) {
      await this.#lookElsewhere(signal);
      return;
    }
    this.#elsewhere = null;
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

  async #lookElsewhere(signal) {
    if (Date.now() - this.#elsewhereAt >= ELSEWHERE_MILLIS) {
      this.#elsewhereAt = Date.now();
      this.#elsewhere = await nodeOf(this.#name, signal);
      this.#show(null);
      if (this.#publisherView === null) {
        fill(this.#publisherBox, h('p', { class: 'muted' }, this.#noPublisherText()));
      }
    }
  }

  async #fetchConnections(signal) {
    this.#connectionsAt = Date.now();
    const all = await get(`/api/v1/connections?stream=${encodeURIComponent(this.#name)}`, signal);
    this.#showPublisher(all.find((connection) => connection.role === 'publisher') ?? null);
    const subscribers = all.filter((connection) => connection.role === 'subscriber');
    setText(this.#subscribersTitle, `Subscribers (${count(subscribers.length)})`);
    this.#subscribers.update(subscribers);
  }

  /** After a change; what goes wrong with it shows when the next turn asks. */
  #refetch() {
    this.#fetchConnections().catch(() => {});
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
    this.#head.show(stream, this.#elsewhere);
    this.#graphs.setPresent(stream !== null);
    this.#ts.setLive(isLive);
    this.#showBanner(isLive);
  }

  #showBanner(isLive) {
    const state = isLive ? 'live' : this.#elsewhere ? `on ${this.#elsewhere}`
      : this.#endedAt ? 'ended' : this.#stream ? 'waiting' : 'absent';
    if (this.element.dataset.state === state) {
      return;
    }
    this.element.dataset.state = state;
    if (state === 'live') {
      fill(this.#banner);
      return;
    }
    if (this.#elsewhere) {
      fill(this.#banner, h('p', {}, h('strong', {}, '● '), `It is published on node ${this.#elsewhere}, and nobody `
        + 'watches it here yet. Whoever asks this node for it gets it all the same: it is taken from there.'),
      h('button', { type: 'button', onclick: () => this.#player.start() }, 'Watch it here'));
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
    if (publisher && this.#publisherView && isSame(publisher, this.#publisher)) {
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
      consequence: () => this.#consequence(), onChange: () => this.#refetch(),
    });
    fill(this.#publisherBox, this.#publisherView?.element ?? h('p', { class: 'muted' }, this.#noPublisherText()));
  }

  #noPublisherText() {
    if (this.#elsewhere) {
      return `It is connected to node ${this.#elsewhere}.`;
    }
    const last = this.#lastPublisher;
    if (last === null) {
      return 'Nobody publishes at the moment.';
    }
    const who = [last.label ?? last.user, last.peer].filter(Boolean).join(' at ');
    return `Nobody publishes at the moment. The last one was ${who}, with ${count(last.latencyMillis)} ms latency.`;
  }

  #consequence() {
    const subscribers = this.#stream?.subscribers ?? 0;
    const affected = subscribers === 0 ? 'Nobody is watching.'
      : subscribers === 1 ? 'Its one subscriber gets nothing until somebody publishes again.'
        : `All ${count(subscribers)} subscribers get nothing until somebody publishes again.`;
    return `${affected} Most encoders call again by themselves within seconds.`;
  }

  /** Where players call; the port is the publisher's, or the first one there is. */
  async #addCopyButton() {
    let listeners;
    try {
      listeners = await get('/api/v1/listeners');
    } catch {
      // What keeps it from answering shows elsewhere; without a port there is no URL.
      return;
    }
    const open = listeners.filter(isForCallers);
    if (open.length === 0) {
      return;
    }
    const url = () => rawUrl({
      host: location.hostname.replace(/^\[|]$/g, ''),
      port: portOf(isForCallers(this.#lastPublisher) ? this.#lastPublisher : open[0]),
      streamName: this.#name, publish: false, user: '', secret: '', passphrase: '',
    }, null);
    this.#head.actions.append(copyButton('pull URL', url, { caption: 'Copy pull URL' }));
  }

  stop() {
    this.#stops.forEach((stop) => stop());
    this.#publisherView?.stop();
  }
}

/** Numbers begin anew when the relay does. */
function isSame(publisher, before) {
  return publisher.id === before?.id && publisher.since === before.since;
}

function panel(id, heading, content) {
  return h('section', { class: 'panel', id, 'aria-labelledby': `${id}-title` }, heading, content);
}

/** Streams come from other nodes by sockets of their own, which no player may call. */
function isForCallers(place) {
  return place !== null && place.listener !== BETWEEN_NODES;
}

/** @param place a listener or a connection, whose local address ends with a port */
function portOf({ local }) {
  return Number(local.slice(local.lastIndexOf(':') + 1));
}

function connectionsMillis(subscribers) {
  const wanted = 1000 * subscribers / SUBSCRIBERS_A_SECOND;
  return Math.min(GREATEST_CONNECTIONS_MILLIS, Math.max(LEAST_CONNECTIONS_MILLIS, wanted));
}
