// The nodes of a cluster and what goes from one to another, drawn: the size is that of its place, so that texts stay legible.

import { svg, reconcile, setText } from '../dom.js';
import { bitRate, count, millis, percent, time } from '../format.js';

/** Beyond that many nodes there is no drawing, but all is in the lists. */
export const MOST_DRAWN = 12;
/** Between nodes there should be next to none. */
const MUCH_LOSS_PERCENT = 1;
const NARROW = 620;
const GAP = 7;
const LINE = 17;

/** @returns {element, update(cluster), emphasize(streamName or null), end()} */
export function clusterMap() {
  const arrow = (id, kind) => svg('marker', {
    id, class: kind, viewBox: '0 0 10 10', refX: 8, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse',
    orient: 'auto',
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
    reconcile(labels, lines, ({ key }) => key, () => svg('text', { class: 'map-label' }, svg('tspan'), svg('tspan')),
      (label, line) => updateLabel(label, line, plan.isNarrow));
    reconcile(boxes, nodes, ({ id }) => id, createBox, (box, node) => {
      updateBox(box, node, plan);
      box.classList.toggle('faint', Boolean(emphasized) && !via.has(node.id) && shown.origins.get(emphasized) !== node.id);
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

/** Around an ellipse, the first at the top; two beside each other, or on a phone one below the other. */
function layout(nodes, width) {
  const isNarrow = width < NARROW;
  const isSmall = isNarrow || nodes.length > 6;
  const hasRoles = nodes.some(({ roles }) => roles.length > 0);
  const box = { width: isNarrow ? Math.min(128, width * 0.4) : isSmall ? 150 : 190, height: (hasRoles ? 4 : 3) * LINE + 14 };
  const radiusX = Math.min(nodes.length > 6 ? 500 : 380, (width - box.width) / 2 - 4);
  const radiusY = isNarrow ? 60 + 26 * nodes.length : nodes.length > 2 ? 70 + 16 * nodes.length : 0;
  const isStacked = isNarrow && nodes.length === 2;
  const ry = nodes.length === 1 ? 0 : isStacked ? 100 : radiusY;
  const rx = nodes.length === 1 || isStacked ? 0 : radiusX;
  const sines = nodes.map((node, i) => Math.sin(angle(i, nodes.length, isStacked)));
  const top = Math.min(...sines) * ry;
  const bottom = Math.max(...sines) * ry;
  const middle = { x: width / 2, y: box.height / 2 + 10 - top };
  const places = new Map(nodes.map(({ id }, i) => {
    const at = angle(i, nodes.length, isStacked);
    return [id, { x: middle.x + rx * Math.cos(at), y: middle.y + ry * Math.sin(at) }];
  }));
  return { isNarrow, box, places, height: Math.ceil(bottom - top + box.height + 20) };
}

function angle(i, all, isStacked) {
  const first = all === 2 && !isStacked ? Math.PI : -Math.PI / 2;
  return first + 2 * Math.PI * i / all;
}

/** One line for all streams that go from one node to another. */
function edgesOf(pulls, { places, box }, emphasized) {
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
    ...line, ...curve(places.get(line.from), places.get(line.to), box, byEnds.has(JSON.stringify([line.to, line.from]))),
    isLossy: line.lostPercent >= MUCH_LOSS_PERCENT, isFaint: Boolean(emphasized) && !line.isEmphasized,
  }));
}

/** From the edge of one box to that of the other; bent to one side, so that both directions are seen. */
function curve(from, to, box, isReturned) {
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

function updateLabel(label, line, isNarrow) {
  const [first, second] = label.children;
  const streams = `${count(line.streams)} ${line.streams === 1 ? 'stream' : 'streams'}`;
  const link = `${millis(line.rttMillis)} · ${percent(line.lostPercent)} lost`;
  setText(first, isNarrow ? bitRate(line.bitRate) : `${streams} · ${bitRate(line.bitRate)}`);
  setText(second, `${line.isLossy ? '! ' : ''}${isNarrow && !line.isLossy ? millis(line.rttMillis) : link}`);
  for (const [i, text] of [first, second].entries()) {
    set(text, 'x', line.at.x);
    set(text, 'y', line.at.y - 3 + 15 * i);
  }
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
  const most = Math.floor((box.width - 16) / 7.4);
  const lines = linesOf(node, isNarrow).filter((line) => line !== null);
  texts.forEach((text, i) => {
    setText(text, shortened(lines[i] ?? '', i === 0 ? most - 1 : most));
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
    node.draining ? '! draining' : isNarrow ? streams : `${streams} · ${count(node.subscribers)} subscribers`,
    node.roles.length > 0 ? `◆ ${node.roles.join(', ')}` : null,
  ];
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
