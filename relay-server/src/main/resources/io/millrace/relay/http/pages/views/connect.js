// Contributor cards: how to set up a program to publish a stream to this relay, or to watch one. What is chosen is in
// the address, so that it can be sent to somebody; what is secret is in this tab only.

import { fill, h } from '../dom.js';
import { get, poll } from '../api.js';
import { ConnectForm } from '../parts/connect-form.js';
import { copyButton } from '../parts/copy.js';
import { toast } from '../parts/dialog.js';
import { guestId } from '../parts/guest-id.js';
import { asText, card } from '../parts/programs.js';
import { qrCode, showLarge } from '../parts/qr.js';

const REFRESH_MILLIS = 5000;

export function title() {
  return 'Connect';
}

/** @param {URLSearchParams} argument what the address says */
export function mount(main, argument) {
  const known = { listeners: [], streams: [] };
  const form = new ConnectForm(argument, { onChange: changed, onGuest: makeGuestId });
  const place = h('section', { class: 'card contributor', 'aria-labelledby': 'connect-heading' });
  let guest = null;
  let shown = '';
  let address = location.hash;

  function changed() {
    form.offer(known);
    if (guest && (guest.id !== form.target().secret || guest.purpose !== purpose(form.target()))) {
      // It is for that stream, direction and user only.
      form.forgetSecret(guest.id);
      guest = null;
    }
    const target = form.target();
    form.explain(target, known, guest);
    address = keepInAddress(address, form.address());
    const made = card(form.program().id, target);
    const wanted = JSON.stringify([form.program().id, target, made]);
    if (wanted !== shown) {
      shown = wanted;
      show(place, form.program(), target, made);
    }
  }

  async function makeGuestId() {
    const target = form.target();
    const made = await guestId(target);
    if (made) {
      guest = { id: made.id, expires: made.expires, purpose: purpose(target) };
      form.setSecret(made.id);
      changed();
      toast('The id is in the card now.');
    }
  }

  fill(main, h('div', { class: 'connect' },
    h('h1', {}, 'Connect'), h('div', { class: 'connect-columns' }, form.element, place)));
  changed();
  return poll(async (signal) => {
    const [nodes, streams] = await Promise.all([get('/api/v1/nodes', signal), get('/api/v1/streams', signal)]);
    known.listeners = nodes.flatMap((node) => node.listeners).filter((listener) => listener.port !== null);
    known.streams = streams;
    form.complain('');
    changed();
  }, REFRESH_MILLIS, (problem) => form.complain(
    `The relay’s listeners and streams are not known: ${problem.message} Until they are, type host, port and stream.`));
}

function purpose({ streamName, publish, user }) {
  return JSON.stringify([streamName, publish, user]);
}

/**
 * Not a new entry of the history: the back button leaves the page.
 *
 * @param known the address as this view knows it: with another one somebody is leaving for another page
 */
function keepInAddress(known, choices) {
  const query = new URLSearchParams(Object.entries(choices).filter(([, value]) => value)).toString();
  const wanted = query ? `#/connect?${query}` : '#/connect';
  if (location.hash === known && known !== wanted) {
    history.replaceState(null, '', wanted);
    return location.hash;
  }
  return known;
}

function show(place, program, target, made) {
  const heading = `${program.name}: ${target.publish ? 'publish' : 'watch'} ${target.streamName || '…'}`;
  const works = made.problems.length === 0;
  fill(place,
    h('h2', { id: 'connect-heading' }, heading),
    h('p', { class: 'where' }, made.where),
    works ? null : h('div', { class: 'problems', role: 'status' }, h('strong', {}, 'Before this works'),
      h('ul', {}, made.problems.map((problem) => h('li', {}, problem)))),
    h('ul', { class: 'fields' }, made.fields.map(row)),
    made.notes.length > 0 ? h('ul', { class: 'notes' }, made.notes.map((note) => h('li', {}, note))) : null,
    h('div', { class: 'card-actions' },
      copyButton('all settings', () => asText(heading, made), { caption: 'Copy all', primary: true }),
      copyButton('the link to this page, without secrets', () => location.href, { caption: 'Copy link' }),
      h('button', { type: 'button', onclick: () => window.print() }, 'Print')),
    works ? code(made.code, heading, target.passphrase || target.secret) : null);
}

function row({ name, value, kind }) {
  const isChosen = kind === 'choice';
  return h('li', { class: `field ${kind}`, 'data-field': name },
    h('span', { class: 'name' }, name),
    h(isChosen ? 'span' : 'code', { class: 'value' }, value),
    isChosen ? null : copyButton(name, () => value));
}

function code({ text, says, opens }, heading, holdsSecret) {
  const label = `QR code: ${heading}`;
  return h('div', { class: 'code' },
    qrCode(text, label),
    h('div', {},
      h('p', {}, says),
      holdsSecret ? h('p', { class: 'warn' }, 'Whoever scans it has the secrets that are in it.') : null,
      h('div', { class: 'card-actions' },
        opens ? h('a', { class: 'button', href: text }, opens) : null,
        h('button', { type: 'button', onclick: () => showLarge(text, label) }, 'Show large'),
        copyButton('what the code holds', () => text, { caption: 'Copy its text' }))));
}
