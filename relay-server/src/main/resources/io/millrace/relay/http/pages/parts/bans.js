// Who is kept out for a time, and how that is ended.

import { h, reconcile, setText } from '../dom.js';
import { get, poll, send } from '../api.js';
import { count } from '../format.js';
import { ask, toast } from './dialog.js';
import { until } from './when.js';

const LOOK_MILLIS = 10000;
const DURATIONS = [[600, '10 minutes'], [3600, '1 hour'], [86400, '1 day'], [604800, '1 week'], [2592000, '30 days']];

/** @returns its element; end() when it is not shown any more */
export function banList() {
  const state = h('p', { class: 'muted', role: 'status' });
  const list = h('ul', { class: 'bans' });
  const element = h('section', { class: 'panel', 'aria-labelledby': 'bans-title' },
    h('div', { class: 'heading' }, h('h2', { id: 'bans-title' }, 'Bans'),
      h('button', { type: 'button', onclick: () => add(look) }, 'Ban an address …')),
    state, list);

  async function look(signal) {
    const bans = await get('/api/v1/bans', signal);
    reconcile(list, bans, (ban) => ban.id, (ban) => create(ban, look), update);
    setText(state, bans.length > 0 ? `${count(bans.length)} in force; they end with the relay.` : 'Nobody is banned.');
  }

  return { element, end: poll(look, LOOK_MILLIS, (problem) => setText(state, problem.message)) };
}

function create(ban, look) {
  return h('li', {}, h('strong', {}, whomOf(ban)), h('span', { class: 'left figure' }),
    h('span', { class: 'muted' }, `by ${ban.by}${ban.reason ? `: ${ban.reason}` : ''}`),
    h('button', { type: 'button', 'aria-label': `Lift the ban of ${whomOf(ban)}`, onclick: () => lift(ban, look) },
      'Lift …'));
}

function update(row, ban) {
  const left = row.querySelector('.left');
  left.title = ban.until;
  setText(left, `for ${until(ban.until)} more`);
}

function whomOf({ address, stream, user }) {
  return [address, user && `user ${user}`, stream && `stream ${stream}`].filter(Boolean).join(', ');
}

async function lift(ban, look) {
  const lifted = await ask({
    title: `Lift the ban of ${whomOf(ban)}?`,
    content: h('p', {}, 'Who it kept out may call again at once.'),
    confirm: 'Lift it',
    act: () => send('DELETE', `/api/v1/bans/${ban.id}`),
  });
  if (lifted) {
    toast(`The ban of ${whomOf(ban)} is lifted.`);
    await look();
  }
}

async function add(look) {
  const banned = await ask({
    title: 'Ban an address',
    content: [
      h('p', {}, 'Callers from there are refused from now on. Who is connected stays.'),
      h('label', {}, 'Address or range',
        h('input', { name: 'address', required: true, placeholder: '198.51.100.0/24', autofocus: true })),
      h('label', {}, 'For', h('select', { name: 'seconds' }, DURATIONS.map(([seconds, name]) =>
        h('option', { value: seconds, selected: seconds === 3600 }, name)))),
      h('label', {}, 'Why', h('input', { name: 'reason', maxlength: 200 })),
    ],
    confirm: 'Ban it',
    dangerous: true,
    act: ({ address, seconds, reason }) => send('POST', '/api/v1/bans',
      { address: address.trim(), seconds: Number(seconds), reason: reason.trim() || null }),
  });
  if (banned) {
    toast(`${banned.address} is banned.`);
    await look();
  }
}
