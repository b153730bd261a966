// One connection in full: who it is, how its link does and should be set, its statistics, and what can be done to it.

import { h, setText } from '../dom.js';
import { get, poll, send } from '../api.js';
import { count, millis, percent, since, time } from '../format.js';
import { ask, toast } from './dialog.js';
import { askToKick } from './kick.js';
import { libsrtList, statisticsTable } from './statistics.js';

const STATISTICS_MILLIS = 3000;

/**
 * @param connection as the API shows it; its id and role stay
 * @param consequence gives a sentence on who is affected when it is kicked
 * @param onChange is called when something was changed, so that it can be fetched
 * @returns {element, update(connection), stop}
 */
export function connectionView(connection, { consequence, onChange }) {
  const path = `/api/v1/connections/${connection.id}`;
  let newest = connection;
  let report = null;
  const advice = adviceNote();
  const facts = factList(connection.role);
  const table = statisticsTable(connection);
  const list = libsrtList();
  const statistics = h('details', { class: 'statistics-box' },
    h('summary', {}, 'Statistics: last 10 s, since the start, since the mark'), table.element);
  const actions = h('div', { class: 'actions-bar' },
    h('button', { type: 'button', onclick: () => askForLabel(newest, path, onChange) }, 'Label …'),
    h('button', { type: 'button', onclick: mark }, 'Count from now'),
    h('button', { type: 'button', class: 'dangerous', onclick: () => askToKick(newest, consequence()) }, 'Kick …'));
  const element = h('div', { class: 'connection', 'data-connection': connection.id },
    advice.element, facts.element, actions, statistics, list.element);
  const refresh = async (signal) => {
    report = await get(`${path}/statistics`, signal);
    table.update(report);
    facts.update(newest, report);
  };
  async function mark() {
    try {
      await send('POST', `${path}/mark`);
      toast('Counting from now on: see “Since the mark”');
      statistics.open = true;
      await refresh();
    } catch (problem) {
      toast(problem.message, 'bad');
    }
  }
  function update(changed) {
    newest = changed;
    advice.update(changed.advice);
    facts.update(changed, report);
    list.update(changed);
  }
  update(connection);
  // When it has ended, the connections say so.
  const stop = poll(refresh, STATISTICS_MILLIS);
  return { element, update, stop };
}

const ADVICE = {
  unknown: { sign: '…', head: 'Measuring the link' },
  good: { sign: '✓', head: 'The link is set well' },
  warn: { sign: '⚠', head: 'Change the link’s settings' },
};

/** The adviser's sentence. */
function adviceNote() {
  const sign = h('span', { 'aria-hidden': 'true' });
  const head = h('strong');
  const text = h('p');
  const element = h('div', { class: 'advice', 'data-advice': '' }, sign, h('div', {}, head, text));
  function update(advice) {
    const state = advice === null ? 'unknown' : advice.sufficient ? 'good' : 'warn';
    element.className = `advice ${state}`;
    element.dataset.advice = state;
    setText(sign, ADVICE[state].sign);
    setText(head, ADVICE[state].head);
    setText(text, advice?.sentence ?? 'How it should be set is known about 10 s after the beginning.');
  }
  return { element, update };
}

const FACTS = {
  both: [
    ['Address', (c) => c.peer],
    ['Label', (c) => c.label ?? 'none'],
    ['User', (c) => c.user ?? 'none given'],
    ['Since', (c) => `${time(c.since)} (${since(c.since)})`],
    ['SRT version', (c) => c.srtVersion],
    ['Encryption', (c) => c.encryption],
    ['Listener', (c) => `${c.listener}, ${c.local}`],
    ['Latency', (c) => millis(c.latencyMillis)],
    ['RTT', (c) => millis(c.msRTT)],
  ],
  publisher: [
    ['Lost before recovery', (c, report) => loss(report, c.pktRcvLossTotal)],
    ['Lost for good', (c) => packets(c.pktRcvDropTotal)],
  ],
  subscriber: [
    ['Lost before recovery', (c, report) => loss(report, c.pktSndLossTotal)],
    ['Lost for good', (c) => packets(c.pktSndDropTotal + c.pktLappedTotal + c.pktShedTotal)],
  ],
  last: [['Stream ID', (c) => c.streamId || 'none']],
};

function factList(role) {
  const facts = [...FACTS.both, ...FACTS[role], ...FACTS.last];
  const values = facts.map(() => h('dd', { class: 'figure' }));
  const element = h('dl', { class: 'facts' }, facts.map(([name], i) => h('div', {}, h('dt', {}, name), values[i])));
  function update(connection, report) {
    facts.forEach(([, text], i) => setText(values[i], text(connection, report)));
  }
  return { element, update };
}

function loss(report, total) {
  const share = report?.tenSeconds.lostPercent?.mean;
  const recently = share === undefined ? '' : `${percent(share)} in 10 s, `;
  return recently + packets(total);
}

function packets(number) {
  return !Number.isFinite(number) ? '–' : `${count(number)} ${number === 1 ? 'packet' : 'packets'} in all`;
}

function askForLabel(connection, path, onChange) {
  const field = h('input', { name: 'label', maxlength: 128, autocomplete: 'off', autofocus: true });
  field.value = connection.label ?? '';
  ask({
    title: 'Label',
    content: [h('label', {}, `What to call ${connection.peer}`, field),
      h('p', { class: 'muted' }, 'It holds until this connection ends. Leave it empty for none.')],
    confirm: 'Save',
    act: async ({ label }) => {
      await send('PATCH', path, { label: label.trim() || null });
      onChange();
    },
  });
}
