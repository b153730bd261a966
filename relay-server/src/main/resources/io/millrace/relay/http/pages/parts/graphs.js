// Graphs of a history: they share their time and their cursor, and say in words what they show at it.

import { h, setText, svg } from '../dom.js';
import { poll } from '../api.js';
import { time } from '../format.js';
import { History } from './history.js';
import { themeSignals } from './theme.js';

const CHOICE = 'millrace.span';

/** What can be chosen to look at. */
const MINUTE = { id: '1min', name: '1 min', seconds: 60, resolution: '1s' };
const QUARTER = { id: '15min', name: '15 min', seconds: 900, resolution: '1s' };
const DAY = { id: '24h', name: '24 h', seconds: 86400, resolution: '10s' };

let groups = 0;

/**
 * Graphs of what the API has under a path, with a switch for how far back they go.
 *
 * @param path of the history
 * @param ofConnection connections have a history of seconds only
 * @param graphs each {id, title, axis, series}, where axis is {label(number), least, whole}, and a series {name,
 *     quantity, colour, format, dashed, filled}, or instead of its quantity level(): the same number at all times
 * @returns {element, setPresent(boolean), stop}; what is not present and has left no history is not asked for again
 */
export function historyGraphs({ path, ofConnection = false, graphs }) {
  const group = new GraphGroup(path, ofConnection, graphs);
  return {
    element: group.element,
    setPresent(isPresent) {
      group.isPresent = isPresent;
    },
    stop: () => group.stop(),
  };
}

class GraphGroup {
  isPresent = true;
  #histories = new Map();
  #path;
  #ofConnection;
  #spans;
  #span;
  #figures;
  #note = h('p', { class: 'muted graph-note' });
  #buttons;
  #stopPolling = () => {};
  #onTheme = () => this.#figures.forEach((figure) => figure.redraw());
  #observer = new ResizeObserver(() => this.#figures.forEach((figure) => figure.resize()));
  #isDrawn = false;
  #isStopped = false;

  constructor(path, ofConnection, graphs) {
    this.#path = path;
    this.#ofConnection = ofConnection;
    this.#spans = ofConnection ? [MINUTE, QUARTER] : [MINUTE, QUARTER, DAY];
    this.#span = this.#spans.find((span) => span.id === localStorage.getItem(CHOICE)) ?? MINUTE;
    const key = `graphs-${groups++}`;
    this.#figures = graphs.map((graph) => new Figure(graph, key));
    this.#buttons = this.#spans.map((span) => h('button', {
      type: 'button', 'data-span': span.id, onclick: () => this.#choose(span),
    }, span.name));
    this.element = h('div', { class: 'graph-group' },
      h('div', { class: 'graph-bar' },
        h('div', { class: 'segments', role: 'group', 'aria-label': 'Time shown' }, this.#buttons), this.#note),
      h('div', { class: 'graphs' }, this.#figures.map((figure) => figure.element)));
    this.#showChoice();
    this.#begin();
  }

  async #begin() {
    try {
      const { default: uPlot } = await import('../vendor/uplot/uPlot.esm.js');
      if (this.#isStopped) {
        return;
      }
      this.#figures.forEach((figure) => figure.draw(uPlot));
      this.#isDrawn = true;
      this.#observer.observe(this.element);
      themeSignals.addEventListener('theme', this.#onTheme);
      this.#poll();
    } catch (failure) {
      setText(this.#note, `The graphs could not be loaded: ${failure.message} Reload the page to try again.`);
    }
  }

  #choose(span) {
    this.#span = span;
    localStorage.setItem(CHOICE, span.id);
    this.#showChoice();
    if (this.#isDrawn) {
      this.#poll();
    }
  }

  #showChoice() {
    this.#buttons.forEach((button, i) => button.setAttribute('aria-pressed', this.#spans[i] === this.#span));
  }

  #history() {
    const { resolution } = this.#span;
    if (!this.#histories.has(resolution)) {
      // A minute is a part of the quarter of an hour.
      const seconds = resolution === DAY.resolution ? DAY.seconds : QUARTER.seconds;
      this.#histories.set(resolution, new History(this.#path, this.#ofConnection ? null : resolution, seconds));
    }
    return this.#histories.get(resolution);
  }

  #poll() {
    this.#stopPolling();
    const history = this.#history();
    const show = () => this.#show(history);
    if (history.lastSecond > 0) {
      show();
    } else {
      setText(this.#note, 'Loading …');
    }
    this.#stopPolling = poll(async (signal) => {
      if (this.isPresent || !history.isUnknown) {
        await history.refresh(signal);
      }
      show();
    }, history.stepSeconds * 1000, (problem) => {
      show();
      if (problem.status !== 404) {
        setText(this.#note, problem.message);
      }
    });
  }

  #show(history) {
    // To the right is the present, also where nothing comes any more.
    const end = history.presentSecond;
    const start = end - this.#span.seconds;
    this.element.classList.toggle('unknown', history.isUnknown);
    if (history.isUnknown) {
      setText(this.#note, 'No history: nothing was connected to this stream in the last day.');
    } else if (history.missing) {
      setText(this.#note, `Incomplete: ${history.missing}.`);
    } else if (history.lastSecond > 0 && history.lastSecond < start) {
      const last = time(history.lastSecond * 1000);
      setText(this.#note, `Nothing in the last ${this.#span.name}; the last was at ${last}.`);
    } else {
      setText(this.#note, '');
    }
    this.#figures.forEach((figure) => figure.show(history, start, end));
  }

  stop() {
    this.#isStopped = true;
    this.#stopPolling();
    this.#observer.disconnect();
    themeSignals.removeEventListener('theme', this.#onTheme);
    this.#figures.forEach((figure) => figure.destroy());
  }
}

/** One graph, with its legend, which is also its text for those who don't see it. */
class Figure {
  #graph;
  #key;
  #plot = null;
  #time = h('time', { class: 'muted figure' });
  #values;
  #box;
  #spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });

  constructor(graph, key) {
    this.#graph = graph;
    this.#key = key;
    this.#values = graph.series.map(() => h('dd', { class: 'figure' }, '–'));
    this.#box = h('div', {
      class: 'plot', tabindex: 0, role: 'img', 'aria-label': `Graph: ${graph.title}. Arrow keys read its values.`,
      onkeydown: (event) => this.#keyPressed(event), onblur: () => this.#leave(),
    });
    this.element = h('figure', { class: 'graph', 'data-graph': graph.id },
      h('figcaption', {}, h('h3', {}, graph.title), this.#time,
        h('dl', { class: 'legend' }, graph.series.map((series, i) =>
          h('div', {}, h('dt', {}, swatch(series), series.name), this.#values[i])))),
      this.#box, this.#spoken);
  }

  draw(uPlot) {
    this.#plot = new uPlot(this.#options(), [[], ...this.#graph.series.map(() => [])], this.#box);
  }

  #options() {
    const { axis, series } = this.#graph;
    const font = '12px system-ui, sans-serif';
    const lines = { stroke: () => colour('line'), width: 1 };
    return {
      width: this.#box.clientWidth || 300,
      height: this.#box.clientHeight || 150,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: this.#key } },
      scales: { x: { time: true }, y: { range: (plot, least, most) => [0, Math.max(axis.least, 1.12 * (most ?? 0))] } },
      axes: [
        {
          stroke: () => colour('muted'), font, grid: { show: false }, ticks: lines, size: 30, space: 80, values: clocks,
        },
        {
          stroke: () => colour('muted'), font, grid: lines, ticks: { show: false }, size: 52, space: 30, gap: 6,
          incrs: axis.whole ? WHOLE_STEPS : undefined, values: (plot, splits) => splits.map(axis.label),
        },
      ],
      series: [{}, ...series.map((one) => ({
        stroke: () => colour(one.colour),
        width: one.dashed ? 1.25 : 1.5,
        dash: one.dashed ? [6, 4] : undefined,
        fill: one.filled ? () => `${colour(one.colour)}38` : undefined,
        points: { show: false },
      }))],
      hooks: { setCursor: [() => this.#showValues()] },
    };
  }

  show(history, start, end) {
    const data = [history.times, ...this.#graph.series.map((series) => (series.quantity
      ? history.column(series.quantity)
      : history.times.map(() => series.level() ?? null)))];
    this.#plot.batch(() => {
      this.#plot.setData(data, false);
      this.#plot.setScale('x', { min: start, max: end });
    });
    this.#showValues();
  }

  /** Those at the cursor, else the newest. */
  #showValues() {
    const times = this.#plot.data[0];
    const row = this.#plot.cursor.idx ?? times.length - 1;
    const values = this.#graph.series.map((series, i) => {
      const value = this.#plot.data[i + 1]?.[row];
      return value === null || value === undefined ? '–' : series.format(value);
    });
    values.forEach((value, i) => setText(this.#values[i], value));
    if (row >= 0) {
      const iso = new Date(times[row] * 1000).toISOString();
      setText(this.#time, time(iso));
      this.#time.setAttribute('datetime', iso);
      this.#time.title = iso;
    }
    const words = this.#graph.series.map((series, i) => `${series.name} ${values[i]}`);
    return `${this.#time.textContent}: ${words.join(', ')}`;
  }

  #keyPressed(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const times = this.#plot?.data[0] ?? [];
    if (event.key === 'Escape') {
      this.#leave();
    } else if (step && times.length > 0) {
      event.preventDefault();
      const from = this.#plot.cursor.idx ?? times.length - 1;
      const row = Math.min(times.length - 1, Math.max(0, from + step));
      this.#plot.setCursor({ left: this.#plot.valToPos(times[row], 'x'), top: 10 }, true, true);
      setText(this.#spoken, this.#showValues());
    }
  }

  #leave() {
    this.#plot?.setCursor({ left: -10, top: -10 }, true, true);
  }

  redraw() {
    this.#plot?.redraw();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (this.#plot && width > 0 && (width !== this.#plot.width || height !== this.#plot.height)) {
      this.#plot.setSize({ width, height });
    }
  }

  destroy() {
    this.#plot?.destroy();
  }
}

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6];

/** A line as in the graph: not by its colour alone. */
function swatch({ colour: name, dashed, filled }) {
  return svg('svg', { class: `swatch ${name}`, width: 22, height: 10, 'aria-hidden': 'true' },
    filled ? svg('rect', { x: 0, y: 5, width: 22, height: 5, fill: 'currentColor', opacity: 0.25 }) : null,
    svg('path', {
      d: 'M0 5H22', stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': dashed ? '6 4' : null,
    }));
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function clocks(plot, seconds, axis, space, stepSeconds) {
  // At the edge it would be cut off.
  const lastWhole = plot.over.clientWidth - 14;
  return seconds.map((second) => {
    if (plot.valToPos(second, 'x') > lastWhole) {
      return null;
    }
    const date = new Date(second * 1000);
    const parts = [date.getHours(), date.getMinutes(), ...(stepSeconds < 60 ? [date.getSeconds()] : [])];
    return parts.map((part) => String(part).padStart(2, '0')).join(':');
  });
}
