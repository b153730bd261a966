// How a stream is doing, as a badge: a sign and a word, and a colour besides.

import { h, setText } from '../dom.js';

const LOOKS = {
  good: { kind: 'good', sign: '✓', word: 'Good' },
  fair: { kind: 'warn', sign: '!', word: 'Fair' },
  bad: { kind: 'bad', sign: '✕', word: 'Bad' },
  ended: { kind: '', sign: '■', word: 'Ended' },
};

/** The states, the worst first. */
export const STATES = ['bad', 'fair', 'good'];

export function healthBadge() {
  return h('span', { class: 'badge health' },
    h('span', { class: 'sign', 'aria-hidden': 'true' }), h('span', { class: 'word' }));
}

/** @param state of `health` of a stream, or "ended" */
export function setHealth(badge, state) {
  if (badge.dataset.state === state) {
    return;
  }
  const look = LOOKS[state] ?? LOOKS.ended;
  badge.dataset.state = state;
  badge.className = `badge health ${look.kind}`;
  setText(badge.querySelector('.sign'), look.sign);
  setText(badge.querySelector('.word'), look.word);
}

export function healthWord(state) {
  return LOOKS[state].word;
}

export function healthKind(state) {
  return LOOKS[state].kind;
}
