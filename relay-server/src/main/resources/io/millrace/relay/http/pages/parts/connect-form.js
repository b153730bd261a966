// The form beside a contributor card: which stream, program and listener, and what the card can't know.

import { fill, h, setText } from '../dom.js';
import { time } from '../format.js';
import { PROGRAMS, programsFor } from './programs.js';

const DEFAULT_PORT = 8890;
const DEFAULT_LATENCY_MILLIS = 120;
const ROUND_TRIPS = 4;
const KEY_LENGTHS = [[16, 'AES-128'], [24, 'AES-192'], [32, 'AES-256']];
const EVERY_ADDRESS = ['::', '0.0.0.0'];
const LOOPBACK = /^(localhost|127\.|::1$)/;

/** What the relay says of itself stands in these until somebody types another value. */
const PRESET = ['host', 'port', 'latency'];

/**
 * @param {URLSearchParams} argument what is chosen already
 * @param onChange called at each change
 * @param onGuest called when a single-use id is wanted
 */
export function connectForm(argument, { onChange, onGuest }) {
  const hints = Object.fromEntries(['stream', 'host', 'listener', 'latency', 'passphrase', 'guest']
    .map((name) => [name, h('p', { class: 'hint', id: `connect-hint-${name}` })]));
  const streams = h('datalist', { id: 'connect-streams' });
  const programs = h('div', { class: 'chips' });
  const listenerField = h('label', {}, 'Listener', h('select', { name: 'listener' }));
  const problem = h('p', { class: 'error', role: 'alert' });
  const guestButton = h('button', { type: 'button', id: 'connect-guest', onclick: onGuest },
    'Single-use id for a guest …');
  const chosen = (name) => argument.get(name) ?? '';
  const isWatching = chosen('direction') === 'watch';

  const access = h('details', { class: 'access', open: argument.has('user') },
    h('summary', {}, 'User, password or token'),
    h('p', { class: 'hint' }, 'They go into the stream id as u= and s=. The secret stays in this browser. On its way to'
      + ' the relay a stream id can be read by others, a passphrase can’t.'),
    field('User', { name: 'user', value: chosen('user') }),
    field('Password, token or single-use id', { name: 'secret' }));
  const element = h('form', { class: 'panel connect-form', 'aria-label': 'What to connect', oninput: onChange,
    onchange: onChange, onsubmit: (event) => event.preventDefault() },
  problem,
  h('fieldset', {}, h('legend', {}, 'Direction'), h('div', { class: 'chips' },
    chip('direction', 'publish', 'Publish', !isWatching), chip('direction', 'watch', 'Watch', isWatching))),
  field('Stream', { name: 'stream', list: streams.id, value: chosen('stream'), placeholder: 'live/cam1' },
    hints.stream),
  streams, hints.stream,
  h('fieldset', {}, h('legend', {}, 'Program'), programs),
  listenerField, hints.listener,
  h('div', { class: 'pair' },
    field('Host', { name: 'host', value: chosen('host') }, hints.host),
    field('Port', { name: 'port', type: 'number', min: 1, max: 65535, value: chosen('port') })),
  hints.host,
  field('Latency, ms', { name: 'latency', type: 'number', min: 0, max: 60000, step: 'any', value: chosen('latency') },
    hints.latency),
  hints.latency,
  h('div', { class: 'pair' },
    field('Passphrase', { name: 'passphrase' }, hints.passphrase),
    h('label', {}, 'Key length', h('select', { name: 'key' }, KEY_LENGTHS.map(([bytes, name]) =>
      h('option', { value: bytes, selected: chosen('key') === String(bytes) }, name))))),
  hints.passphrase, access, hints.guest, guestButton);
  const inputs = element.elements;
  const typed = new Set(PRESET.filter((name) => argument.has(name)));
  let asked = chosen('program') || PROGRAMS[0].id;
  let offered = '';

  for (const name of PRESET) {
    // In the capturing phase, so that it is known before the form tells of the change.
    element.addEventListener('input', (event) => {
      if (event.target === inputs[name]) {
        typed[inputs[name].value ? 'add' : 'delete'](name);
      }
    }, true);
  }
  element.addEventListener('input', (event) => {
    if (event.target.name === 'program') {
      asked = event.target.value;
    } else if (event.target.name === 'listener') {
      typed.delete('port');
    }
  }, true);

  function listenerOf({ listeners }) {
    return listeners.find(({ name }) => name === inputs.listener.value) ?? listeners[0];
  }

  /** Shows what there is to choose from, and what the relay says of itself. */
  function offer(known) {
    const publish = inputs.direction.value === 'publish';
    const names = [known.listeners, known.streams].map((list) => list.map(({ name }) => name));
    if (JSON.stringify([names, publish]) !== offered) {
      offered = JSON.stringify([names, publish]);
      const listener = inputs.listener.value || chosen('listener');
      fill(inputs.listener, names[0].map((name) => h('option', { selected: name === listener }, name)));
      fill(streams, names[1].map((name) => h('option', { value: name })));
      offerPrograms(publish);
    }
    listenerField.hidden = names[0].length < 2;
    preset(listenerOf(known));
  }

  function offerPrograms(publish) {
    const possible = programsFor(publish);
    const { id: checked } = possible.find(({ id }) => id === asked) ?? possible[0];
    const hadFocus = programs.contains(document.activeElement);
    fill(programs, possible.map(({ id, name }) => chip('program', id, name, id === checked)));
    if (hadFocus) {
      programs.querySelector(':checked').focus();
    }
  }

  function preset(listener) {
    const isBoundToOne = listener?.host && !EVERY_ADDRESS.includes(listener.host);
    const values = {
      host: isBoundToOne ? listener.host : bare(location.hostname),
      port: listener?.port ?? DEFAULT_PORT,
      latency: Math.max(listener?.latencyMillis ?? 0, DEFAULT_LATENCY_MILLIS),
    };
    for (const name of PRESET) {
      // Not under the hands of who has just emptied it to type another.
      if (!typed.has(name) && document.activeElement !== inputs[name] && inputs[name].value !== String(values[name])) {
        inputs[name].value = values[name];
      }
    }
  }

  function explain(target, known, guest) {
    const listener = listenerOf(known);
    const wantsPassphrase = Boolean(listener?.encrypted) && !target.passphrase;
    say(hints.stream, streamHint(target, known.streams));
    say(hints.listener, defaultStreamHint(listener));
    say(hints.host, hostHint(target.host, listener));
    say(hints.latency, latencyHint(target.latencyMillis, listener));
    say(hints.passphrase, wantsPassphrase
      ? 'This listener wants one, unless a rule gives this stream or user another. What you type stays in this browser.'
      : 'It stays in this browser: it goes neither to the relay nor into the address.', wantsPassphrase);
    say(hints.guest, guest ? `A single-use id, for one connection that begins before ${time(guest.expires)}.` : '');
    hints.guest.title = guest?.expires ?? '';
    guestButton.disabled = !target.streamName;
  }

  return {
    element,
    offer,
    explain,
    say: (text) => setText(problem, text),
    program: () => PROGRAMS.find(({ id }) => id === inputs.program.value),
    target: () => ({
      host: bare(inputs.host.value.trim()),
      port: Number(inputs.port.value),
      streamName: inputs.stream.value,
      publish: inputs.direction.value === 'publish',
      latencyMillis: inputs.latency.value === '' ? NaN : Number(inputs.latency.value),
      passphrase: inputs.passphrase.value,
      keyLengthBytes: Number(inputs.key.value),
      user: inputs.user.value,
      secret: inputs.secret.value,
    }),
    setSecret: (value) => {
      inputs.secret.value = value;
      access.open = true;
    },
    forgetSecret: (value) => {
      if (inputs.secret.value === value) {
        inputs.secret.value = '';
      }
    },
    /** What may stand in an address: nothing that is secret, nothing that goes without saying. */
    address: () => ({
      stream: inputs.stream.value,
      program: inputs.program.value,
      direction: inputs.direction.value === 'watch' ? 'watch' : '',
      listener: inputs.listener.selectedIndex > 0 ? inputs.listener.value : '',
      ...Object.fromEntries([...typed].map((name) => [name, inputs[name].value])),
      key: inputs.key.value === '16' ? '' : inputs.key.value,
      user: inputs.user.value,
    }),
  };
}

function streamHint({ streamName, publish }, streams) {
  const isLive = streams.some(({ name, publisher }) => name === streamName && publisher);
  if (publish) {
    return isLive ? 'It is being published now; another publisher is refused while that one delivers.' : '';
  }
  return streamName && !isLive ? 'Nobody publishes it now.' : '';
}

function defaultStreamHint(listener) {
  const does = listener?.mode === 'publish' ? 'publishes' : 'watches';
  return listener?.stream ? `A caller without stream id ${does} “${listener.stream}” here.` : '';
}

function hostHint(host, listener) {
  if (LOOPBACK.test(host)) {
    return 'Only programs on the relay’s own machine reach it so: for others type that machine’s name or address.';
  }
  return LOOPBACK.test(listener?.host ?? '')
    ? `This listener is bound to ${listener.host}: only programs on the relay’s own machine reach it.` : '';
}

function latencyHint(latencyMillis, listener) {
  const rule = 'Take four times the round-trip time.';
  if (!(latencyMillis > 0)) {
    return rule;
  }
  const roundTrip = Math.floor(latencyMillis / ROUND_TRIPS);
  const relays = listener?.latencyMillis ? ` (the relay’s: ${listener.latencyMillis} ms)` : '';
  return `${rule} This is enough for ${roundTrip} ms. The greater one of both ends counts${relays}.`;
}

/** Without the brackets of an IPv6 address. */
function bare(host) {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function say(place, text, isWarning = false) {
  setText(place, text);
  place.hidden = !text;
  place.classList.toggle('warn', isWarning);
}

function field(name, attributes, hint) {
  const usual = { autocomplete: 'off', spellcheck: 'false', 'aria-describedby': hint?.id };
  return h('label', {}, name, h('input', { ...usual, ...attributes }));
}

function chip(group, value, name, checked) {
  return h('label', { class: 'chip' }, h('input', { type: 'radio', name: group, value, checked }), name);
}
