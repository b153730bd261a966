// Who tried to connect, what came of it and why, and who is banned.

import { fill, h, reconcile, setText } from '../dom.js';
import { count } from '../format.js';
import { attemptList, attemptText, reasonText } from '../parts/attempts.js';
import { banList } from '../parts/bans.js';

const RESULTS = { all: 'All', refused: 'Refused', accepted: 'Accepted' };

export function title() {
  return 'Attempts';
}

/** @param argument may have result, reason, text and stream: what is shown */
export function mount(main, argument) {
  const filter = {
    result: argument.get('result') in RESULTS ? argument.get('result') : 'all',
    reason: argument.get('reason') ?? '',
    text: argument.get('text') ?? '',
    stream: argument.get('stream') ?? '',
  };
  const results = h('div', { class: 'chips', role: 'group', 'aria-label': 'Result' });
  const reasons = h('div', { class: 'chips', role: 'group', 'aria-label': 'Refused since the start, by reason' });
  const text = searchField('text', 'Address, user, stream id, reason');
  const stream = searchField('stream', 'Whole name');
  let counters = [];
  const attempts = attemptList({
    chosen: (attempt) => isChosen(attempt, filter),
    onCounters: (newest) => {
      counters = newest;
      showChips();
    },
  });
  const bans = banList();

  function searchField(name, placeholder) {
    const field = h('input', { type: 'search', id: `attempt-${name}`, value: filter[name], placeholder, oninput: () => {
      filter[name] = field.value;
      changed();
    } });
    return field;
  }

  function changed() {
    remember(filter);
    showChips();
    attempts.refresh();
  }

  function showChips() {
    const refused = sumOf(counters, 'refused');
    const totals = { accepted: total(sumOf(counters, 'accepted')), refused: total(refused) };
    totals.all = totals.accepted + totals.refused;
    reconcile(results, Object.keys(RESULTS), (result) => result, () => chip((result) => {
      filter.result = result;
      filter.reason = '';
    }), (button, result) => {
      setText(button, `${RESULTS[result]} ${count(totals[result])}`);
      button.setAttribute('aria-pressed', String(filter.result === result && !filter.reason));
    });
    reconcile(reasons, Object.keys(refused), (reason) => reason, () => chip((reason) => {
      filter.reason = filter.reason === reason ? '' : reason;
      filter.result = 'all';
    }), (button, reason) => {
      setText(button, `${reasonText({ reason })} ${count(refused[reason])}`);
      button.setAttribute('aria-pressed', String(filter.reason === reason));
    });
    reasons.hidden = Object.keys(refused).length === 0;
  }

  function chip(choose) {
    const button = h('button', { type: 'button', class: 'chip', onclick: () => {
      choose(button.dataset.key);
      changed();
    } });
    return button;
  }

  fill(main,
    h('h1', {}, 'Attempts to connect'),
    h('div', { class: 'attempt-tools' },
      h('label', { for: 'attempt-text' }, 'Search', text),
      h('label', { for: 'attempt-stream' }, 'Stream', stream), results, reasons),
    h('p', { class: 'muted small' },
      'Numbers are since the start; the list has the newest, and equal refusals are one entry.'),
    attempts.element,
    bans.element);
  return () => {
    attempts.end();
    bans.end();
  };
}

function isChosen(attempt, { result, reason, text, stream }) {
  const haystack = text && attemptText(attempt);
  return (result === 'all' || attempt.result === result)
    && (!reason || attempt.reason === reason)
    && (!stream || attempt.stream === stream)
    && (!text || text.toLowerCase().split(/\s+/).every((word) => haystack.includes(word)));
}

/** In the address, so that it can be passed on and outlives a reload; the way back stays as it was. */
function remember(filter) {
  const given = Object.entries(filter).filter(([, value]) => value && value !== 'all');
  const query = new URLSearchParams(given).toString();
  history.replaceState(null, '', query ? `#/attempts?${query}` : '#/attempts');
}

/** Over the listeners; what never occurred is left out. */
function sumOf(counters, member) {
  const sums = {};
  for (const listener of counters) {
    for (const [name, value] of Object.entries(listener[member])) {
      sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, value]) => value > 0).sort(([, a], [, b]) => b - a));
}

function total(sums) {
  return Object.values(sums).reduce((all, one) => all + one, 0);
}
