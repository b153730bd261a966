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
const HINTS = ['stream', 'listener', 'host', 'latency', 'passphrase', 'guest'];

/** The form itself is its `element`. */
export class ConnectForm {
  #argument;
  #hints = Object.fromEntries(HINTS.map((name) => [name, h('p', { class: 'hint', id: `connect-hint-${name}` })]));
  #streams = h('datalist', { id: 'connect-streams' });
  #programs = h('div', { class: 'chips' });
  #listenerField = h('label', {}, 'Listener', h('select', { name: 'listener' }));
  #problem = h('p', { class: 'error', role: 'alert' });
  #access;
  #guestButton;
  #inputs;
  /** Which of PRESET somebody has typed. */
  #typed;
  /** The program that is wanted, also while it can't do what is chosen. */
  #asked;
  #offered = '';

  /**
   * @param {URLSearchParams} argument what is chosen already
   * @param onChange called at each change
   * @param onGuest called when a single-use id is wanted
   */
  constructor(argument, { onChange, onGuest }) {
    this.#argument = argument;
    this.#typed = new Set(PRESET.filter((name) => argument.has(name)));
    this.#asked = this.#chosen('program') || PROGRAMS[0].id;
    this.#access = this.#accessFields();
    this.#guestButton = h('button', { type: 'button', id: 'connect-guest', onclick: onGuest },
      'Single-use id for a guest …');
    const oninput = ({ target }) => {
      this.#notice(target);
      onChange();
    };
    this.element = h('form', { class: 'panel connect-form', 'aria-label': 'What to connect', oninput,
      onsubmit: (event) => event.preventDefault() }, this.#problem, this.#whatFields(), this.#whereFields(),
    this.#encryptionFields(), this.#access, this.#hints.guest, this.#guestButton);
    this.#inputs = this.element.elements;
  }

  #chosen(name) {
    return this.#argument.get(name) ?? '';
  }

  #whatFields() {
    const isWatching = this.#chosen('direction') === 'watch';
    const stream = { name: 'stream', list: this.#streams.id, value: this.#chosen('stream'), placeholder: 'live/cam1' };
    return [
      h('fieldset', {}, h('legend', {}, 'Direction'), h('div', { class: 'chips' },
        chip('direction', 'publish', 'Publish', !isWatching), chip('direction', 'watch', 'Watch', isWatching))),
      field('Stream', stream, this.#hints.stream), this.#streams, this.#hints.stream,
      h('fieldset', {}, h('legend', {}, 'Program'), this.#programs),
    ];
  }

  #whereFields() {
    const port = { name: 'port', type: 'number', min: 1, max: 65535, value: this.#chosen('port') };
    const latency = { name: 'latency', type: 'number', min: 0, max: 60000, value: this.#chosen('latency') };
    return [
      this.#listenerField, this.#hints.listener,
      h('div', { class: 'pair' },
        field('Host', { name: 'host', value: this.#chosen('host') }, this.#hints.host), field('Port', port)),
      this.#hints.host,
      field('Latency, ms', latency, this.#hints.latency), this.#hints.latency,
    ];
  }

  #encryptionFields() {
    const options = KEY_LENGTHS.map(([bytes, name]) =>
      h('option', { value: bytes, selected: this.#chosen('key') === String(bytes) }, name));
    return [
      h('div', { class: 'pair' }, field('Passphrase', { name: 'passphrase' }, this.#hints.passphrase),
        h('label', {}, 'Key length', h('select', { name: 'key' }, options))),
      this.#hints.passphrase,
    ];
  }

  #accessFields() {
    return h('details', { class: 'access', open: this.#argument.has('user') },
      h('summary', {}, 'User, password or token'),
      h('p', { class: 'hint' }, 'They go into the stream id as u= and s=. The secret stays in this browser. On its'
        + ' way to the relay a stream id can be read by others, a passphrase can’t.'),
      field('User', { name: 'user', value: this.#chosen('user') }),
      field('Password, token or single-use id', { name: 'secret' }));
  }

  #notice({ name, value }) {
    if (PRESET.includes(name)) {
      this.#typed[value ? 'add' : 'delete'](name);
    } else if (name === 'program') {
      this.#asked = value;
    } else if (name === 'listener') {
      this.#typed.delete('port');
    }
  }

  #listenerOf({ listeners }) {
    return listeners.find(({ name }) => name === this.#inputs.listener.value) ?? listeners[0];
  }

  /** Shows what there is to choose from, and what the relay says of itself. */
  offer(known) {
    const publish = this.#inputs.direction.value === 'publish';
    const [listeners, streams] = [known.listeners, known.streams].map((list) => list.map(({ name }) => name));
    const wanted = JSON.stringify([listeners, streams, publish]);
    if (wanted !== this.#offered) {
      this.#offered = wanted;
      const listener = this.#inputs.listener.value || this.#chosen('listener');
      fill(this.#inputs.listener, listeners.map((name) => h('option', { selected: name === listener }, name)));
      fill(this.#streams, streams.map((name) => h('option', { value: name })));
      this.#offerPrograms(publish);
    }
    this.#listenerField.hidden = listeners.length < 2;
    this.#preset(this.#listenerOf(known));
  }

  #offerPrograms(publish) {
    const possible = programsFor(publish);
    const { id: checked } = possible.find(({ id }) => id === this.#asked) ?? possible[0];
    const hadFocus = this.#programs.contains(document.activeElement);
    fill(this.#programs, possible.map(({ id, name }) => chip('program', id, name, id === checked)));
    if (hadFocus) {
      this.#programs.querySelector(':checked').focus();
    }
  }

  #preset(listener) {
    const isBoundToOne = listener?.host && !EVERY_ADDRESS.includes(listener.host);
    const values = {
      host: isBoundToOne ? listener.host : bare(location.hostname),
      port: listener?.port ?? DEFAULT_PORT,
      latency: Math.max(listener?.latencyMillis ?? 0, DEFAULT_LATENCY_MILLIS),
    };
    for (const name of PRESET) {
      const input = this.#inputs[name];
      // Not under the hands of who has just emptied it to type another.
      if (!this.#typed.has(name) && document.activeElement !== input && input.value !== String(values[name])) {
        input.value = values[name];
      }
    }
  }

  /** Says beside the fields what is known of what is chosen. */
  explain(target, known, guest) {
    const listener = this.#listenerOf(known);
    const wantsPassphrase = Boolean(listener?.encrypted) && !target.passphrase;
    say(this.#hints.stream, streamHint(target, known.streams));
    say(this.#hints.listener, defaultStreamHint(listener));
    say(this.#hints.host, hostHint(target.host, listener));
    say(this.#hints.latency, latencyHint(target.latencyMillis, listener));
    say(this.#hints.passphrase, wantsPassphrase
      ? 'This listener wants one, unless a rule gives this stream or user another. What you type stays in this browser.'
      : 'It stays in this browser: it goes neither to the relay nor into the address.', wantsPassphrase);
    say(this.#hints.guest, guest ? `The id is for one connection that begins before ${time(guest.expires)}.` : '');
    this.#hints.guest.title = guest?.expires ?? '';
    this.#guestButton.disabled = !target.streamName;
  }

  /** Says what went wrong; nothing when it is empty. */
  complain(text) {
    setText(this.#problem, text);
  }

  program() {
    return PROGRAMS.find(({ id }) => id === this.#inputs.program.value);
  }

  /** @returns {import('./srt-address.js').Target} */
  target() {
    const inputs = this.#inputs;
    return {
      host: bare(inputs.host.value.trim()),
      port: Number(inputs.port.value),
      streamName: inputs.stream.value,
      publish: inputs.direction.value === 'publish',
      latencyMillis: inputs.latency.value === '' ? NaN : Number(inputs.latency.value),
      passphrase: inputs.passphrase.value,
      keyLengthBytes: Number(inputs.key.value),
      user: inputs.user.value,
      secret: inputs.secret.value,
    };
  }

  setSecret(value) {
    this.#inputs.secret.value = value;
    this.#access.open = true;
  }

  /** Empties the field, if that is what it holds. */
  forgetSecret(value) {
    if (this.#inputs.secret.value === value) {
      this.#inputs.secret.value = '';
    }
  }

  /** Empty for the first one; while none is known yet, the one that is asked for. */
  #chosenListener() {
    const { options, selectedIndex, value } = this.#inputs.listener;
    if (options.length === 0) {
      return this.#chosen('listener');
    }
    return selectedIndex > 0 ? value : '';
  }

  /** What may stand in an address: nothing that is secret, nothing that goes without saying. */
  address() {
    const inputs = this.#inputs;
    return {
      stream: inputs.stream.value,
      program: inputs.program.value,
      direction: inputs.direction.value === 'watch' ? 'watch' : '',
      listener: this.#chosenListener(),
      ...Object.fromEntries([...this.#typed].map((name) => [name, inputs[name].value])),
      key: inputs.key.value === String(KEY_LENGTHS[0][0]) ? '' : inputs.key.value,
      user: inputs.user.value,
    };
  }
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
