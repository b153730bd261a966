// The nodes of a cluster and what goes from one to another, drawn as wide as there is room: texts keep their size.

import { svg, reconcile, setText } from '../dom.js';
import { bitRate, count, millis, percent, time } from '../format.js';

/** Beyond that many nodes there is no drawing, but all is in the lists. */
export const MOST_DRAWN = 12;
/** Between nodes there should be next to none. */
const MUCH_LOSS_PERCENT = 1;
const NARROW = 620;
const GAP = 7;
const LINE = 17;
/** Half of the width of a short text at an arrow. */
const LABEL_ROOM = 46;
/** About, of a character in each of the sizes of the style: to see what fits. */
const NAME_WIDTH = 8.6;
const LOAD_WIDTH = 7.2;
const QUIET_WIDTH = 6.5;

/** @returns {element, update(cluster), emphasize(streamName or null), end()} */
export function clusterMap() {
  const arrow = (id, kind) => svg('marker', {
    id, class: kind, viewBox: '0 0 10 10', refX: 8, refY: 5, markerWidth: 9, markerHeight: 9,
    markerUnits: 'userSpaceOnUse', orient: 'auto',
  }, svg('path', { d: 'M0 0 10 5 0 10z' }));
  const edges = svg('g', {});
  const boxes = svg('g', {});
  const labels = svg('g', {});
  const element = svg('svg', { class: 'cluster-map', role: 'img' },
    svg('defs', {}, arrow('map-arrow', 'calm'), arrow('map-arrow-warn', 'warn')), edges, boxes, labels);
  let shown = null;
  let emphasized = null;
  let frame = 0;

  function draw() {
    const width = element.parentElement?.clientWidth ?? 0;
    if (!shown || width === 0) {
      return;
    }
    const { nodes, pulls } = shown;
    const plan = layout(nodes, width);
    if (element.getAttribute('width') !== String(width) || element.getAttribute('height') !== String(plan.height)) {
      element.setAttribute('width', width);
      element.setAttribute('height', plan.height);
      element.setAttribute('viewBox', `0 0 ${width} ${plan.height}`);
    }
    const lines = edgesOf(pulls, plan, emphasized);
    const via = new Set(lines.filter((line) => line.isEmphasized).flatMap((line) => [line.from, line.to]));
    reconcile(edges, lines, ({ key }) => key, createEdge, updateEdge);
    reconcile(labels, lines, ({ key }) => key, createLabel, (label, line) => updateLabel(label, line, plan.isNarrow));
    reconcile(boxes, nodes, ({ id }) => id, createBox, (box, node) => {
      updateBox(box, node, plan);
      const isConcerned = !emphasized || via.has(node.id) || shown.origins.get(emphasized) === node.id;
      box.classList.toggle('faint', !isConcerned);
    });
    describe(element, nodes, lines);
  }

  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  });
  return {
    element,
    update(cluster) {
      const absent = cluster.absent.map((node) => ({ ...node, isAbsent: true, roles: [] }));
      shown = {
        nodes: [...cluster.nodes, ...absent].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
        pulls: cluster.streams.flatMap(({ name, pulls }) => pulls.map((pull) => ({ ...pull, name }))),
        origins: new Map(cluster.streams.map(({ name, node }) => [name, node])),
      };
      observer.observe(element.parentElement);
      draw();
    },
    emphasize(streamName) {
      emphasized = streamName;
      draw();
    },
    end() {
      observer.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

function layout(nodes, width) {
  const lines = nodes.some(({ roles }) => roles.length > 0) ? 4 : 3;
  return width < NARROW ? column(nodes, width, lines * LINE + 14) : ellipse(nodes, width, lines * LINE + 14);
}

/** One below the other, which leaves the right half for what goes between them. */
function column(nodes, width, boxHeight) {
  const box = { width: Math.min(124, width * 0.42), height: boxHeight };
  const step = boxHeight + 58;
  const places = new Map(nodes.map(({ id }, i) => [id, { x: box.width / 2 + 2, y: boxHeight / 2 + 8 + i * step }]));
  function lineBetween(from, to, isReturned) {
    const isDown = to.y > from.y;
    const x = box.width + 2 + GAP;
    // Those that pass others go by outside of them, so that their texts do, too.
    const isFar = Math.abs(to.y - from.y) > 1.5 * step;
    const bulge = (width - x) * (isFar ? 1 : 0.5) - LABEL_ROOM;
    const start = from.y + (isDown ? 8 : -8);
    const end = to.y + (isDown ? -16 : 16);
    return {
      path: `M${x} ${start}Q${round(x + 2 * bulge)} ${round((start + end) / 2)} ${x} ${end}`,
      direction: isDown ? '↓ ' : '↑ ',
      at: { x: round(x + bulge), y: round((start + end) / 2 + (isReturned ? isDown ? -19 : 19 : 0)) },
    };
  }
  return { isNarrow: true, box, places, lineBetween, height: nodes.length * step - 42 };
}

/** Around an ellipse, the first at the top; two beside each other. */
function ellipse(nodes, width, boxHeight) {
  const all = nodes.length;
  const box = { width: all > 6 ? 150 : 200, height: boxHeight };
  const first = all === 2 ? Math.PI : -Math.PI / 2;
  const angles = nodes.map((node, i) => first + 2 * Math.PI * i / all);
  const radiusX = all === 1 ? 0 : Math.min(all > 6 ? 500 : 380, (width - box.width) / 2 - 4);
  const radiusY = all > 2 ? 70 + 16 * all : 0;
  const top = radiusY * Math.min(...angles.map(Math.sin));
  const bottom = radiusY * Math.max(...angles.map(Math.sin));
  const places = new Map(nodes.map(({ id }, i) => [id, {
    x: width / 2 + radiusX * Math.cos(angles[i]), y: boxHeight / 2 + 20 - top + radiusY * Math.sin(angles[i]),
  }]));
  return {
    isNarrow: false, box, places, height: Math.ceil(bottom - top + boxHeight + 40),
    lineBetween: (from, to, isReturned) => bentLine(from, to, box, isReturned),
  };
}

/** One line for all streams that go from one node to another. */
function edgesOf(pulls, { places, lineBetween }, emphasized) {
  const byEnds = new Map();
  for (const pull of pulls) {
    if (!places.has(pull.from) || !places.has(pull.node)) {
      continue;
    }
    const key = JSON.stringify([pull.from, pull.node]);
    const line = byEnds.get(key) ?? {
      key, from: pull.from, to: pull.node, streams: 0, bitRate: 0, rttMillis: 0, lostPercent: 0, isEmphasized: false,
    };
    line.streams += 1;
    line.bitRate += pull.bitRate;
    line.rttMillis = Math.max(line.rttMillis, pull.rttMillis);
    line.lostPercent = Math.max(line.lostPercent, pull.lostPercent);
    line.isEmphasized ||= pull.name === emphasized;
    byEnds.set(key, line);
  }
  return [...byEnds.values()].map((line) => ({
    ...line,
    ...lineBetween(places.get(line.from), places.get(line.to), byEnds.has(JSON.stringify([line.to, line.from]))),
    isLossy: line.lostPercent >= MUCH_LOSS_PERCENT, isFaint: Boolean(emphasized) && !line.isEmphasized,
  }));
}

/** From the edge of one box to that of the other; bent to one side, so that both directions are seen. */
function bentLine(from, to, box, isReturned) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const bend = isReturned ? Math.min(70, length * 0.22) : Math.min(26, length * 0.08);
  const middle = {
    x: (from.x + to.x) / 2 - bend * (to.y - from.y) / length,
    y: (from.y + to.y) / 2 + bend * (to.x - from.x) / length,
  };
  const start = edgePoint(from, middle, box);
  const end = edgePoint(to, middle, box);
  const share = isReturned ? 0.42 : 0.5;
  const along = (a, b, c) => (1 - share) ** 2 * a + 2 * share * (1 - share) * b + share ** 2 * c;
  return {
    path: `M${round(start.x)} ${round(start.y)}Q${round(middle.x)} ${round(middle.y)} ${round(end.x)} ${round(end.y)}`,
    at: { x: round(along(start.x, middle.x, end.x)), y: round(along(start.y, middle.y, end.y)) },
  };
}

function edgePoint(centre, towards, box) {
  const dx = towards.x - centre.x;
  const dy = towards.y - centre.y;
  const scale = Math.min((box.width / 2 + GAP) / Math.abs(dx || 1e-9), (box.height / 2 + GAP) / Math.abs(dy || 1e-9));
  return { x: centre.x + dx * scale, y: centre.y + dy * scale };
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function createEdge({ from, to }) {
  return svg('path', { class: 'map-edge', 'data-from': from, 'data-to': to });
}

function updateEdge(edge, line) {
  set(edge, 'd', line.path);
  set(edge, 'marker-end', `url(#map-arrow${line.isLossy ? '-warn' : ''})`);
  set(edge, 'stroke-width', (1.5 + Math.min(2.5, Math.log10(1 + line.bitRate / 1e6))).toFixed(1));
  edge.classList.toggle('warn', line.isLossy);
  edge.classList.toggle('faint', line.isFaint);
}

function createLabel() {
  return svg('g', { class: 'map-label' }, svg('rect', { rx: 4 }), svg('text'), svg('text'));
}

function updateLabel(label, line, isNarrow) {
  const [back, first, second] = label.children;
  const streams = `${count(line.streams)} ${line.streams === 1 ? 'stream' : 'streams'}`;
  const link = `${millis(line.rttMillis)} · ${percent(line.lostPercent)} lost`;
  setText(first, isNarrow ? line.direction + bitRate(line.bitRate) : `${streams} · ${bitRate(line.bitRate)}`);
  setText(second, `${line.isLossy ? '! ' : ''}${isNarrow && !line.isLossy ? millis(line.rttMillis) : link}`);
  for (const [i, text] of [first, second].entries()) {
    set(text, 'x', line.at.x);
    set(text, 'y', line.at.y - 3 + 15 * i);
  }
  const most = Math.max(first.textContent.length * LOAD_WIDTH, second.textContent.length * QUIET_WIDTH);
  set(back, 'x', round(line.at.x - most / 2 - 3));
  set(back, 'y', line.at.y - 17);
  set(back, 'width', round(most + 6));
  set(back, 'height', 34);
  second.setAttribute('class', line.isLossy ? 'warn' : 'quiet');
  label.classList.toggle('faint', line.isFaint);
}

function createBox(node) {
  return svg('g', { class: 'map-node', 'data-node': node.id }, svg('title'), svg('rect', { rx: 10 }),
    ['name', 'load', 'quiet', 'role'].map((kind) => svg('text', { class: kind })));
}

function updateBox(group, node, { places, box, isNarrow }) {
  const [title, rect, ...texts] = group.children;
  const { x, y } = places.get(node.id);
  set(rect, 'x', round(x - box.width / 2));
  set(rect, 'y', round(y - box.height / 2));
  set(rect, 'width', box.width);
  set(rect, 'height', box.height);
  group.classList.toggle('self', Boolean(node.self));
  group.classList.toggle('draining', Boolean(node.draining) && !node.isAbsent);
  group.classList.toggle('absent', Boolean(node.isAbsent));
  const lines = linesOf(node, isNarrow).filter((line) => line !== null);
  texts.forEach((text, i) => {
    const width = [NAME_WIDTH, LOAD_WIDTH][i] ?? QUIET_WIDTH;
    setText(text, shortened(lines[i] ?? '', Math.floor((box.width - 14) / width)));
    set(text, 'x', round(x));
    set(text, 'y', round(y + 5 + (i - (lines.length - 1) / 2) * LINE));
  });
  setText(title, [node.id, ...lines.slice(1)].join(', '));
}

function linesOf(node, isNarrow) {
  if (node.isAbsent) {
    return [node.id, node.drained ? '○ was drained' : '✕ gone', `since ${time(node.since)}`];
  }
  const streams = `${count(node.published)} published`;
  return [
    node.id + (node.self && !isNarrow ? ' · this node' : ''),
    `↑ ${bitRate(node.outBitRate)}`,
    node.draining ? '! draining' : isNarrow ? streams : `${streams} · ${subscribersText(node)}`,
    node.roles.length > 0 ? `◆ ${node.roles.join(', ')}` : null,
  ];
}

function subscribersText({ subscribers }) {
  return `${count(subscribers)} ${subscribers === 1 ? 'subscriber' : 'subscribers'}`;
}

function shortened(text, most) {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
}

/** For those who don't see it; the lists below say all of it. */
function describe(element, nodes, lines) {
  const pulls = lines.map((line) => `${line.to} takes ${count(line.streams)} from ${line.from}`);
  const text = `Map of ${count(nodes.length)} nodes. ${pulls.join(', ') || 'No stream goes from one to another'}.`;
  if (element.getAttribute('aria-label') !== text) {
    element.setAttribute('aria-label', text);
  }
}

function set(element, name, value) {
  if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}
