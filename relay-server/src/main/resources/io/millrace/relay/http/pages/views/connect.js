// Contributor cards: how to set up a program to publish a stream to this relay, or to watch one. What is chosen is in the
// address, so that it can be sent to somebody; what is secret is in this tab only.

import { fill, h, setText } from '../dom.js';
import { get, poll } from '../api.js';
import { copyButton } from '../parts/copy.js';
import { toast } from '../parts/dialog.js';
import { guestId } from '../parts/guest-id.js';
import { asText, card, PROGRAMS, programsFor } from '../parts/programs.js';
import { qrCode, showLarge } from '../parts/qr.js';
import { time } from '../format.js';

const DEFAULT_PORT = 8890;
const DEFAULT_LATENCY_MILLIS = 120;
const KEY_LENGTHS = [[16, 'AES-128'], [24, 'AES-192'], [32, 'AES-256']];
const REFRESH_MILLIS = 5000;

export function title() {
  return 'Connect';
}

/** @param {URLSearchParams} argument what the address says */
export function mount(main, argument) {
  const form = settings(argument);
  const place = h('section', { class: 'card contributor', 'aria-label': 'Settings to copy' });
  const state = { listeners: [], streams: [], guest: null, shown: '' };

  fill(main, h('div', { class: 'connect' }, h('h1', {}, 'Connect'), h('div', { class: 'connect-columns' }, form.element, place)));

  function changed() {
    form.offer(state);
    const target = form.target();
    if (state.guest && (state.guest.id !== target.secret || state.guest.purpose !== purpose(target))) {
      // It is for that stream and direction only.
      if (state.guest.id === target.secret) {
        form.set('secret', '');
      }
      state.guest = null;
      changed();
      return;
    }
    form.hint(target, state);
    keepInAddress(form);
    show(place, form.program(), target, state);
  }

  form.element.addEventListener('input', changed);
  form.element.addEventListener('submit', (event) => event.preventDefault());
  form.guestButton.addEventListener('click', async () => {
    const target = form.target();
    const made = await guestId(target);
    if (made) {
      state.guest = { ...made, purpose: purpose(target) };
      form.set('secret', made.id);
      form.openAccess();
      changed();
      toast('The id is in the card now.');
    }
  });
  changed();
  return poll(async (signal) => {
    const [nodes, streams] = await Promise.all([get('/api/v1/nodes', signal), get('/api/v1/streams', signal)]);
    state.listeners = nodes.flatMap((node) => node.listeners).filter((listener) => listener.port !== null);
    state.streams = streams;
    form.problem('');
    changed();
  }, REFRESH_MILLIS, (problem) => form.problem(`The relay’s listeners and streams are not known: ${problem.message} Host, port and`
    + ' stream can be typed.'));
}

function purpose({ streamName, publish, user }) {
  return JSON.stringify([streamName, publish, user]);
}

/** The form: what is chosen, typed, and said beside it. */
function settings(argument) {
  const names = h('datalist', { id: 'connect-streams' });
  const programs = h('div', { class: 'chips' });
  const listener = h('select', { name: 'listener' });
  const listenerField = h('label', {}, 'Listener', listener);
  const hints = Object.fromEntries(['stream', 'host', 'listener', 'latency', 'passphrase', 'guest']
    .map((name) => [name, h('p', { class: 'hint', id: `connect-hint-${name}` })]));
  const problem = h('p', { class: 'error', role: 'alert' });
  const guestButton = h('button', { type: 'button', id: 'connect-guest' }, 'Single-use id for a guest …');
  const access = h('details', { class: 'access', open: argument.has('user') }, h('summary', {}, 'User, password or token'),
    h('p', { class: 'hint' }, 'They go into the stream id as u= and s=. What you type stays in this browser; on the way to the relay a'
      + ' stream id can be read, a passphrase can’t.'),
    field('User', { name: 'user', value: argument.get('user') ?? '', autocomplete: 'off' }),
    field('Password, token or single-use id', { name: 'secret', autocomplete: 'off', spellcheck: 'false' }),
    hints.guest, guestButton);
  const element = h('form', { class: 'panel connect-form', 'aria-label': 'What to connect' },
    problem,
    h('fieldset', { class: 'segments' }, h('legend', {}, 'Direction'),
      radio('direction', 'publish', 'Publish', argument.get('direction') !== 'watch'),
      radio('direction', 'watch', 'Watch', argument.get('direction') === 'watch')),
    field('Stream', { name: 'stream', list: names.id, value: argument.get('stream') ?? '', autocomplete: 'off', spellcheck: 'false',
      placeholder: 'live/cam1', 'aria-describedby': hints.stream.id }),
    names, hints.stream,
    h('fieldset', {}, h('legend', {}, 'Program'), programs),
    listenerField, hints.listener,
    h('div', { class: 'pair' },
      field('Host', { name: 'host', value: argument.get('host') ?? '', autocomplete: 'off', spellcheck: 'false',
        'aria-describedby': hints.host.id }),
      field('Port', { name: 'port', type: 'number', min: 1, max: 65535, value: argument.get('port') ?? '' })),
    hints.host,
    field('Latency, ms', { name: 'latency', type: 'number', min: 0, max: 60000, step: 10,
      value: argument.get('latency') ?? '', 'aria-describedby': hints.latency.id }),
    hints.latency,
    h('div', { class: 'pair' },
      field('Passphrase', { name: 'passphrase', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': hints.passphrase.id }),
      h('label', {}, 'Key length', h('select', { name: 'key' },
        KEY_LENGTHS.map(([bytes, name]) => h('option', { value: bytes, selected: argument.get('key') === String(bytes) }, name))))),
    hints.passphrase, access);

  const inputs = element.elements;
  let asked = argument.get('program') ?? PROGRAMS[0].id;
  let offered = '';
  // What the relay says fills a field until somebody types another value.
  const preset = (name, value) => {
    if (!inputs[name].dataset.typed && String(value) !== inputs[name].value) {
      inputs[name].value = value;
    }
  };
  for (const name of ['host', 'port', 'latency']) {
    if (inputs[name].value) {
      inputs[name].dataset.typed = 'true';
    }
    inputs[name].addEventListener('input', () => {
      if (inputs[name].value) {
        inputs[name].dataset.typed = 'true';
      } else {
        delete inputs[name].dataset.typed;
      }
    });
    // Emptied, a field gets back what the relay says, but not under the hands of who is typing.
    inputs[name].addEventListener('blur', () => element.dispatchEvent(new Event('input')));
  }
  listener.addEventListener('change', () => {
    delete inputs.port.dataset.typed;
    element.dispatchEvent(new Event('input'));
  });
  programs.addEventListener('input', () => {
    asked = inputs.program.value;
  });

  function chosenListener({ listeners }) {
    return listeners.find(({ name }) => name === listener.value) ?? listeners[0];
  }

  function offer(state) {
    const names = state.listeners.map(({ name }) => name);
    const streams = state.streams.map(({ name }) => name);
    const publish = inputs.direction.value === 'publish';
    const wanted = JSON.stringify([names, streams, publish]);
    if (wanted !== offered) {
      offered = wanted;
      const chosen = listener.value || argument.get('listener');
      fill(listener, names.map((name) => h('option', { selected: name === chosen }, name)));
      fill(element.querySelector('datalist'), streams.map((name) => h('option', { value: name })));
      const possible = programsFor(publish);
      const program = possible.find(({ id }) => id === asked) ?? possible[0];
      const focused = document.activeElement?.name === 'program';
      fill(programs, possible.map(({ id, name }) => radio('program', id, name, id === program.id)));
      if (focused) {
        programs.querySelector(':checked').focus();
      }
    }
    listenerField.hidden = names.length < 2;
    const present = chosenListener(state);
    const isAnywhere = !present?.host || ['::', '0.0.0.0'].includes(present.host);
    for (const [name, value] of [
      ['host', isAnywhere ? location.hostname.replace(/^\[|\]$/g, '') : present.host],
      ['port', present?.port ?? DEFAULT_PORT],
      ['latency', Math.max(present?.latencyMillis ?? 0, DEFAULT_LATENCY_MILLIS)],
    ]) {
      if (document.activeElement !== inputs[name]) {
        preset(name, value);
      }
    }
  }

  function hint(target, state) {
    const present = chosenListener(state);
    const live = state.streams.some(({ name, publisher }) => name === target.streamName && publisher);
    say(hints.stream, target.publish && live ? 'It is being published now; another publisher is refused while that one delivers.'
      : !target.publish && target.streamName && state.streams.length > 0 && !live ? 'Nobody publishes it now.' : '');
    say(hints.host, hostHint(target.host, present));
    say(hints.listener, present?.stream ? `A caller without stream id ${present.mode === 'publish' ? 'publishes' : 'watches'} “${present.stream}” here.` : '');
    say(hints.latency, target.latencyMillis > 0
      ? `Enough for a round trip of ${Math.floor(target.latencyMillis / 4)} ms: take four times the round-trip time.`
        + ` The greater of both ends counts${present?.latencyMillis ? `; the relay’s is ${present.latencyMillis} ms` : ''}.`
      : 'Take four times the round-trip time.');
    const missing = present?.encrypted && !target.passphrase;
    say(hints.passphrase, missing ? 'This listener wants one, unless a rule gives this stream or user another. What you type stays in this browser.'
      : 'It stays in this browser: it is not sent to the relay, and not in the address.', missing);
    say(hints.guest, state.guest
      ? `A single-use id, for one connection until ${time(state.guest.expires)}.` : '');
    guestButton.disabled = !target.streamName;
  }

  return {
    element,
    guestButton,
    offer,
    hint,
    program: () => PROGRAMS.find(({ id }) => id === inputs.program.value),
    problem: (text) => setText(problem, text),
    set: (name, value) => {
      inputs[name].value = value;
    },
    openAccess: () => {
      access.open = true;
    },
    target: () => ({
      host: inputs.host.value.trim().replace(/^\[|\]$/g, ''),
      port: Number(inputs.port.value),
      streamName: inputs.stream.value,
      publish: inputs.direction.value === 'publish',
      latencyMillis: inputs.latency.value === '' ? NaN : Number(inputs.latency.value),
      passphrase: inputs.passphrase.value,
      keyLengthBytes: Number(inputs.key.value),
      user: inputs.user.value,
      secret: inputs.secret.value,
    }),
    /** What may be in an address: no secret. */
    address: () => ({
      stream: inputs.stream.value,
      program: inputs.program.value,
      direction: inputs.direction.value === 'watch' ? 'watch' : '',
      listener: listener.options.length > 1 ? listener.value : '',
      ...Object.fromEntries(['host', 'port', 'latency'].map((name) => [name, inputs[name].dataset.typed ? inputs[name].value : ''])),
      key: inputs.key.value === '16' ? '' : inputs.key.value,
      user: inputs.user.value,
    }),
  };
}

function hostHint(host, listener) {
  if (/^(localhost|127\.|::1$)/.test(host)) {
    return 'Only programs on the relay’s own machine reach it so: for others type the name or the address of that machine.';
  }
  return listener && /^(127\.|::1$)/.test(listener.host ?? '')
    ? `This listener is bound to ${listener.host}: only programs on the relay’s own machine reach it.` : '';
}

function say(place, text, isWarning = false) {
  setText(place, text);
  place.hidden = !text;
  place.classList.toggle('warn', isWarning);
}

function field(name, attributes) {
  return h('label', {}, name, h('input', attributes));
}

function radio(group, value, name, checked) {
  return h('label', { class: 'chip' }, h('input', { type: 'radio', name: group, value, checked }), name);
}

function keepInAddress(form) {
  const present = Object.entries(form.address()).filter(([, value]) => value);
  const query = new URLSearchParams(present).toString();
  const address = `#/connect${query ? `?${query}` : ''}`;
  if (location.hash !== address) {
    history.replaceState(null, '', address);
  }
}

/** Draws the card, when it is another one. */
function show(place, program, target, state) {
  const made = card(program.id, target);
  const shown = JSON.stringify([program.id, target, made]);
  if (shown === state.shown) {
    return;
  }
  state.shown = shown;
  const isSecret = target.passphrase || target.secret;
  const heading = `${program.name}: ${target.publish ? 'publish' : 'watch'} ${target.streamName || '…'}`;
  fill(place,
    h('h2', { id: 'connect-heading' }, heading),
    h('p', { class: 'where' }, made.where),
    made.problems.length > 0 ? h('div', { class: 'problems', role: 'status' }, h('strong', {}, 'Before this works'),
      h('ul', {}, made.problems.map((problem) => h('li', {}, problem)))) : null,
    h('dl', { class: 'fields' }, made.fields.map(row)),
    made.notes.length > 0 ? h('ul', { class: 'notes' }, made.notes.map((note) => h('li', {}, note))) : null,
    h('div', { class: 'card-actions' },
      copyButton('all settings', () => asText(heading, made), { caption: 'Copy all', primary: true }),
      copyButton('the link to this page, without secrets', () => location.href, { caption: 'Copy link' }),
      h('button', { type: 'button', onclick: () => window.print() }, 'Print')),
    made.problems.length === 0 ? code(made, heading, isSecret) : null);
}

function row({ name, value, kind }) {
  return h('div', { class: `field ${kind}`, 'data-field': name },
    h('dt', {}, name), h('dd', {}, kind === 'choice' ? value : h('code', { tabindex: kind === 'command' ? '0' : null }, value)),
    kind === 'choice' ? null : copyButton(name, () => value));
}

function code({ code: { text, says } }, heading, isSecret) {
  const label = `QR code: ${heading}`;
  return h('div', { class: 'code' },
    h('div', { class: 'code-place' }, qrCode(text, label)),
    h('div', { class: 'code-text' },
      h('p', {}, says),
      isSecret ? h('p', { class: 'warn' }, 'The code holds the secrets that you typed: show it only to whom it is for.') : null,
      h('div', { class: 'card-actions' },
        h('button', { type: 'button', onclick: () => showLarge(text, label) }, 'Show large'),
        copyButton('what the code holds', () => text, { caption: 'Copy its text' }))));
}
