// The last minute of a number as a line a few pixels high. The number stands beside it, for who can't see the line.

import { h, svg } from '../dom.js';

const WINDOW_MILLIS = 60000;
const WIDTH = 120;
const HEIGHT = 28;
/** Names that nobody asks for any more are forgotten beyond this many. */
const MAX_NAMES = 2000;

const samples = new Map();

/** Remembers a value: kept as long as the page is, so that another view and back loses nothing. */
export function remember(name, value, at = Date.now()) {
  const known = samples.get(name) ?? [];
  samples.delete(name);
  samples.set(name, known);
  known.push({ at, value });
  while (known.length > 0 && known[0].at < at - WINDOW_MILLIS - 2000) {
    known.shift();
  }
  if (samples.size > MAX_NAMES) {
    samples.delete(samples.keys().next().value);
  }
}

/** Puts older values before those that are remembered. */
export function rememberEarlier(name, earlier) {
  const known = samples.get(name) ?? [];
  const first = known.length > 0 ? known[0].at : Infinity;
  samples.set(name, [...earlier.filter((sample) => sample.at < first), ...known]);
}

export function sparkline() {
  return h('span', { class: 'sparkline', 'aria-hidden': 'true' },
    svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' },
      svg('path', { class: 'area' }), svg('path', { class: 'line', 'vector-effect': 'non-scaling-stroke' })));
}

export function drawSparkline(element, name, now = Date.now()) {
  const values = samples.get(name) ?? [];
  const greatest = values.reduce((most, { value }) => Math.max(most, value), 1);
  const x = ({ at }) => (WIDTH * (1 - (now - at) / WINDOW_MILLIS)).toFixed(1);
  const y = ({ value }) => (HEIGHT - 2 - (value / greatest) * (HEIGHT - 4)).toFixed(1);
  const line = values.length < 2 ? '' : `M${values.map((sample) => `${x(sample)} ${y(sample)}`).join('L')}`;
  const [area, stroke] = element.querySelectorAll('path');
  stroke.setAttribute('d', line);
  area.setAttribute('d', line && `${line}L${x(values.at(-1))} ${HEIGHT}L${x(values[0])} ${HEIGHT}Z`);
}
