// The token of the API: asked for when the relay wants one, kept in this tab or on this device.

import { h, setText } from '../dom.js';
import { ApiProblem, forgetToken, setToken, signals, token } from '../api.js';
import { ask } from './dialog.js';

let asking = false;
/** Whoever says no is asked again only when there is a reason: by the button. */
let declined = false;

/** Shows whether there is a token, and lets it be entered or forgotten. */
export function tokenButton() {
  const button = h('button', { type: 'button', class: 'plain', onclick: pressed });
  function refresh() {
    setText(button, token() ? 'Sign out' : 'Token');
    button.title = token() ? 'Forget the token on this device' : 'Enter a token of http.tokens';
  }
  function pressed() {
    if (token()) {
      forgetToken();
      changed();
    } else {
      enter('Enter a token that the configuration has in http.tokens.');
    }
  }
  signals.addEventListener('token-changed', refresh);
  signals.addEventListener('token-needed', ({ detail }) => {
    if (!declined) {
      enter(token() ? `The relay doesn't accept this token: ${detail.message}` : 'This relay shows itself to who has a token.');
    }
  });
  refresh();
  return button;
}

async function enter(why) {
  if (asking) {
    return;
  }
  asking = true;
  const answer = await ask({
    title: 'Token needed',
    content: [
      h('p', {}, why),
      h('label', {}, 'Token', h('input', { name: 'token', type: 'password', required: true, autocomplete: 'current-password', autofocus: true })),
      h('label', { class: 'inline' }, h('input', { name: 'keep', type: 'checkbox' }), 'Keep it on this device'),
    ],
    confirm: 'Use it',
    act: async ({ token: entered, keep }) => {
      await tryOut(entered.trim());
      setToken(entered.trim(), keep === 'on');
      changed();
    },
  });
  declined = answer === null;
  asking = false;
}

/** Before it is kept: a wrong one is told in the dialog. */
async function tryOut(entered) {
  const response = await fetch('/api/v1/nodes', { headers: { Authorization: `Bearer ${entered}` } });
  if (response.status === 401) {
    throw new ApiProblem(401, 'Unauthorized', 'No entry of http.tokens has this token. Look it up in the configuration.');
  }
}

function changed() {
  signals.dispatchEvent(new Event('token-changed'));
}
