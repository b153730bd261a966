// A moment: the time of day where the reader is, how long ago it was, and the whole of it in the title.

import { h, setText } from '../dom.js';
import { span, time } from '../format.js';

export function when() {
  return h('time', { class: 'figure' });
}

/** Called again now and then, or "ago" gets old. */
export function setWhen(element, iso) {
  if (element.getAttribute('datetime') !== iso) {
    element.setAttribute('datetime', iso);
    element.title = iso;
  }
  setText(element, `${time(iso)}, ${ago(iso)}`);
}

/** In one unit: it is about how fresh something is. */
export function ago(iso) {
  const seconds = (Date.now() - Date.parse(iso)) / 1000;
  return seconds < 5 ? 'just now' : `${roughly(seconds)} ago`;
}

/** How long something still takes, in one unit. */
export function until(iso) {
  return roughly((Date.parse(iso) - Date.now()) / 1000);
}

function roughly(seconds) {
  const [first, unit] = span(seconds).split(' ');
  return `${first} ${unit}`;
}
