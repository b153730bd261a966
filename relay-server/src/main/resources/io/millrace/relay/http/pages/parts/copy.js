// Buttons that put a text into the clipboard, and say so.

import { h } from '../dom.js';
import { toast } from './dialog.js';

/**
 * @param what names the text, to be read and said: "Server"
 * @param text gives it when the button is pressed
 */
export function copyButton(what, text, { caption = 'Copy', primary = false } = {}) {
  async function pressed() {
    if (await copy(text())) {
      toast(`Copied: ${what}`);
    } else {
      toast('This browser doesn’t let pages copy: select the text, and copy it by hand.', 'bad');
    }
  }
  const label = caption === 'Copy' ? `Copy ${what}` : null;
  const kind = primary ? 'copy primary' : 'copy';
  return h('button', { type: 'button', class: kind, 'aria-label': label, onclick: pressed }, caption);
}

/** Whether it could be copied. */
async function copy(text) {
  // Over plain http from another machine there is no clipboard (it wants a secure context), but there is the old way.
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by a permission, which the old way doesn't need.
    }
  }
  return copySelected(text);
}

function copySelected(text) {
  const focused = document.activeElement;
  const area = h('textarea', { class: 'visually-hidden', readonly: true, 'aria-hidden': 'true', tabindex: '-1' });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return copied;
}
