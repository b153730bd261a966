// Light or dark: as the device has it, until somebody chooses.

import { h, setText } from '../dom.js';

const CHOICE = 'millrace.theme';
const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGN = { auto: '◐', light: '☀', dark: '☾' };

/** Told ("theme") when colours have changed, for what draws its own. */
export const themeSignals = new EventTarget();

export function themeButton() {
  let choice = localStorage.getItem(CHOICE) ?? 'auto';
  const button = h('button', { type: 'button', class: 'plain', onclick: () => apply(NEXT[choice]) });
  function apply(theme) {
    choice = theme in NEXT ? theme : 'auto';
    localStorage.setItem(CHOICE, choice);
    if (choice === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = choice;
    }
    setText(button, SIGN[choice]);
    button.title = `Colours: ${choice === 'auto' ? 'as this device' : choice}`;
    button.setAttribute('aria-label', button.title);
    themeSignals.dispatchEvent(new Event('theme'));
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => themeSignals.dispatchEvent(new Event('theme')));
  apply(choice);
  return button;
}
