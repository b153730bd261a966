// Puts texts on the clipboard, also where browsers don't offer theirs: on a page that came without TLS.

import { h } from '../dom.js';
import { toast } from './dialog.js';

/**
 * A button that copies, and says so.
 *
 * @param what names the text, to be read and said: "Server"
 * @param text gives it when the button is pressed
 */
export function copyButton(what, text, { caption = 'Copy', primary = false } = {}) {
  async function pressed() {
    if (await copyText(text())) {
      toast(`Copied: ${what}`);
    } else {
      toast('This browser doesn’t let pages copy: select the text, and copy it by hand.', 'bad');
    }
  }
  const label = caption === 'Copy' ? `Copy ${what}` : null;
  const kind = primary ? 'copy primary' : 'copy';
  return h('button', { type: 'button', class: kind, 'aria-label': label, onclick: pressed }, caption);
}

/** @returns a promise of whether it worked */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text) {
  const focused = document.activeElement;
  const field = h('textarea', { class: 'visually-hidden', readonly: true, 'aria-hidden': 'true', tabindex: -1 });
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  focused?.focus?.();
  return isCopied;
}
