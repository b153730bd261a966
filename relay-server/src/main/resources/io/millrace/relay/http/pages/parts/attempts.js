// Who tried to connect and what came of it: the list of all pages, of one stream or of the node.

import { fill, h, reconcile, setText } from '../dom.js';
import { get, poll } from '../api.js';
import { count } from '../format.js';
import { setWhen, when } from './when.js';

const LOOK_MILLIS = 2000;
const MOST = 500;
const WHAT = { publish: 'Publish', request: 'Watch' };

/**
 * A list that keeps itself up to date: newest first, equal refusals counted.
 *
 * @param streamName only those for this stream; null for all
 * @param chosen whether to show an attempt
 * @param onCounters is given the counters of /api/v1/attempts/counters
 * @returns its element; refresh() after `chosen` means something else; end() when it is not shown any more
 */
export function attemptList({ streamName = null, chosen = () => true, onCounters = () => {} } = {}) {
  const state = h('p', { class: 'muted', role: 'status' }, 'Asking the relay …');
  const list = h('ol', { class: 'attempts' });
  const element = h('div', {}, state, list);
  const only = streamName === null ? '' : `&stream=${encodeURIComponent(streamName)}`;
  const path = `/api/v1/attempts?limit=${MOST}${only}`;
  let attempts = null;
  let counted = '';

  function refresh() {
    if (attempts === null) {
      return;
    }
    const shown = attempts.filter(chosen);
    reconcile(list, shown, keyOf, create, update);
    setText(state, shown.length > 0 ? '' : emptyText(attempts.length));
    state.hidden = shown.length > 0;
  }

  function emptyText(known) {
    if (known > 0) {
      return `None of the last ${count(known)} attempts is like that.`;
    }
    return streamName === null ? 'Nobody has called since the start.' : 'Nobody has called for this stream of late.';
  }

  const end = poll(async (signal) => {
    const counters = await get('/api/v1/attempts/counters', signal);
    onCounters(counters);
    // The list is long, and changes only with the counters.
    const newest = JSON.stringify(counters);
    if (attempts === null || newest !== counted) {
      attempts = await get(path, signal);
      counted = newest;
    }
    refresh();
  }, LOOK_MILLIS, (problem) => {
    if (attempts === null || problem.status > 0) {
      setText(state, problem.message);
      state.hidden = false;
    }
  });
  return { element, refresh, end };
}

/** What a search looks through. */
export function attemptText(attempt) {
  const { stream, peer, user, streamId, listener, code, advice, source, srtVersion } = attempt;
  const reason = attempt.reason && reasonText(attempt);
  return [stream, peer, user, streamId, listener, reason, code, advice, source, srtVersion]
    .filter(Boolean).join(' ').toLowerCase();
}

/** The name of a reason to refuse, for people. */
export function reasonText({ reason }) {
  return reason.toLowerCase().replaceAll('_', ' ');
}

function keyOf(attempt) {
  return attempt.result === 'accepted'
    ? `accepted ${attempt.connection}`
    : ['refused', attempt.listener, addressOf(attempt.peer), attempt.streamId, attempt.code, attempt.advice].join(' ');
}

/** Of "192.0.2.7:5000" or "[2001:db8::7]:5000". */
function addressOf(peer) {
  return peer.slice(0, peer.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function create(attempt) {
  const isAccepted = attempt.result === 'accepted';
  return h('li', { class: 'attempt', 'data-result': attempt.result },
    h('span', { class: `badge ${isAccepted ? 'good' : 'bad'}` },
      h('span', { 'aria-hidden': 'true' }, isAccepted ? '✓' : '✕'), isAccepted ? 'Accepted' : 'Refused'),
    h('p', { class: 'what' }, whatOf(attempt), ' from ', h('span', { class: 'peer figure' })),
    h('p', { class: 'moment muted' }, when(), h('span', { class: 'repeated' })),
    !isAccepted && h('p', { class: 'advice' }, attempt.advice),
    h('p', { class: 'details muted' }, detailsOf(attempt)));
}

function whatOf({ result, action, stream }) {
  if (stream === null) {
    return action === null ? 'Call' : WHAT[action];
  }
  const name = result === 'accepted'
    ? h('a', { href: `#/streams/${encodeURIComponent(stream)}` }, stream)
    : h('strong', {}, stream);
  return [`${WHAT[action] ?? 'Call for'} `, name];
}

function detailsOf(attempt) {
  const isAccepted = attempt.result === 'accepted';
  const details = [
    isAccepted ? `by ${attempt.source}` : `${reasonText(attempt)} (${attempt.code})`,
    `listener ${attempt.listener}`,
    attempt.user && `user ${attempt.user}`,
    attempt.encrypted === null ? null : attempt.encrypted ? 'encrypted' : 'not encrypted',
    attempt.srtVersion && `SRT ${attempt.srtVersion}`,
  ].filter(Boolean).join(' · ');
  const { streamId } = attempt;
  return [details, streamId ? [' · ', h('code', { title: 'Stream id' }, streamId)] : ' · no stream id'];
}

function update(row, attempt) {
  setText(row.querySelector('.peer'), attempt.peer);
  setWhen(row.querySelector('time'), attempt.lastTime);
  const repeated = row.querySelector('.repeated');
  if (attempt.count > 1) {
    const text = ` · ${count(attempt.count)} times since `;
    if (!repeated.hasChildNodes()) {
      fill(repeated, h('span', {}), when());
    }
    setText(repeated.firstChild, text);
    setWhen(repeated.lastChild, attempt.firstTime);
  } else {
    fill(repeated);
  }
}
