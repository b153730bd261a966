// Questions to the user, in the browser's own modal dialog: Escape cancels, the focus returns where it was.

import { fill, h } from '../dom.js';

/**
 * Asks with a form. The form's fields are `content`; the answer is `act`'s, which is given the form's values and may throw:
 * what it throws is shown, and the dialog stays.
 *
 * @returns a promise of act's answer, or null when it was cancelled
 */
export function ask({ title, content = [], confirm, dangerous = false, act }) {
  return new Promise((resolve) => {
    const error = h('p', { class: 'error', role: 'alert' });
    const button = h('button', { type: 'submit', class: dangerous ? 'danger' : 'primary' }, confirm);
    const form = h('form', { method: 'dialog', onsubmit: submit }, h('h2', {}, title), content, error,
      h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), button));
    const dialog = h('dialog', { 'aria-label': title, onclose: () => {
      dialog.remove();
      resolve(null);
    } }, form);
    async function submit(event) {
      event.preventDefault();
      button.disabled = true;
      fill(error);
      try {
        const answer = await act(Object.fromEntries(new FormData(form)));
        resolve(answer ?? true);
        dialog.close();
      } catch (problem) {
        fill(error, problem.message);
        button.disabled = false;
      }
    }
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Says something for a few seconds, where it covers nothing that is needed. */
export function toast(text, kind = 'good') {
  const note = h('p', { class: `toast ${kind}`, role: 'status' }, text);
  document.body.append(note);
  setTimeout(() => note.remove(), 5000);
}
