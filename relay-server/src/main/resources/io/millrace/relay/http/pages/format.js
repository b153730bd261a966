// Numbers as people read them: with their units, as many digits as help, and the same width from one second to the next.

/** Bits per second. */
export function bitRate(bitsPerSecond) {
  return withPrefix(bitsPerSecond, 'bit/s');
}

export function bytes(count) {
  return withPrefix(count, 'B');
}

export function count(number) {
  return Number.isFinite(number) ? Math.round(number).toLocaleString('en') : '–';
}

/** Milliseconds: one decimal below 10. */
export function millis(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  return value < 10 ? `${value.toFixed(1)} ms` : `${count(value)} ms`;
}

/** Per cent: two decimals below 1, so that a little loss is not shown as none. */
export function percent(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  if (value === 0) {
    return '0 %';
  }
  return value < 0.01 ? '< 0.01 %' : `${value.toFixed(value < 1 ? 2 : 1)} %`;
}

/** A time span in its two greatest units. */
export function span(seconds) {
  if (!Number.isFinite(seconds)) {
    return '–';
  }
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60} s`;
  }
  if (s < 86400) {
    return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  }
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** How long ago an ISO 8601 time was. */
export function since(time) {
  return span((Date.now() - Date.parse(time)) / 1000);
}

/** A time of day of this browser's zone, with the date if it isn't today's. */
export function time(iso) {
  const date = new Date(iso);
  const clock = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString() ? clock : `${date.toLocaleDateString('en-GB')} ${clock}`;
}

function withPrefix(value, unit) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  for (const [size, prefix] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (value >= size) {
      const scaled = value / size;
      return `${scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)} ${prefix}${unit}`;
    }
  }
  return `${Math.round(value)} ${unit}`;
}
