// What is in a stream's MPEG-TS, and how well it is: programs, PIDs, indicators of TR 101 290, clock and events.

import { h, reconcile, setText } from '../dom.js';
import { get, poll, streamPath } from '../api.js';
import { bitRate, count, millis, percent, since, time } from '../format.js';

const EVERY_MILLIS = 2000;
const SHOWN_EVENTS = 20;

const STATES = {
  'mpeg-ts': null,
  'not-mpeg-ts': 'What comes is not MPEG-TS. It is passed on as it is, but there is nothing to analyse, and most '
    + 'players can’t play it.',
  waiting: 'Nothing has come yet.',
  off: 'The analysis is switched off (streams.analysis in the configuration).',
};

/**
 * @param onAnalysis is given each answer of the API, for what else is made of it
 * @returns {element, setLive(boolean), stop}; nothing is asked for while the stream is not live
 */
export function tsPanel(streamName, { onAnalysis = () => {} } = {}) {
  const note = h('p', {}, 'Loading …');
  const summary = h('dl', { class: 'facts' });
  const programs = h('p', { class: 'muted' });
  const pids = pidTable();
  const first = indicatorList('Priority 1: decoding is at risk');
  const second = indicatorList('Priority 2: should be watched');
  const events = h('ul', { class: 'events', role: 'list', tabindex: 0, 'aria-label': 'Newest events' });
  const noEvents = h('p', { class: 'muted' }, 'Nothing has happened.');
  const all = h('div', { hidden: true }, summary, programs, pids.element,
    h('div', { class: 'indicator-lists' }, first.element, second.element),
    h('h3', {}, 'Newest events'), noEvents, events);
  const element = h('div', { class: 'ts', 'data-ts': '' }, note, all);

  function show(seen) {
    element.dataset.ts = seen.state;
    const words = seen.state in STATES ? STATES[seen.state] : `State: ${seen.state}`;
    note.hidden = words === null;
    setText(note, words ?? '');
    const isTs = seen.state === 'mpeg-ts';
    all.hidden = !isTs;
    if (isTs) {
      showSummary(summary, seen);
      setText(programs, programText(seen.programs));
      pids.update(seen);
      first.update(seen.indicators.filter((indicator) => indicator.priority === 1));
      second.update(seen.indicators.filter((indicator) => indicator.priority === 2));
      showEvents(events, seen.events);
      noEvents.hidden = seen.events.length > 0;
    }
  }

  async function refresh(signal) {
    const seen = await get(streamPath(streamName, '/ts'), signal);
    show(seen);
    onAnalysis(seen);
  }

  function explain(text, ofLastSeen = null) {
    if (all.hidden || ofLastSeen) {
      note.hidden = false;
      setText(note, all.hidden ? text : ofLastSeen);
    }
  }

  let stop = null;
  function setLive(isLive) {
    if (isLive && !stop) {
      stop = poll(refresh, EVERY_MILLIS, (problem) => explain(problem.message));
    } else if (!isLive) {
      stop?.();
      stop = null;
      explain('There is nothing to analyse while nobody publishes.', 'As it was when the publisher went:');
    }
  }
  return { element, setLive, stop: () => stop?.() };
}

/** What is in the stream, in a line. */
export function codecLine(seen) {
  if (seen.state === 'not-mpeg-ts') {
    return 'not MPEG-TS';
  }
  return (seen.pids ?? []).filter((pid) => pid.kind === 'video' || pid.kind === 'audio')
    .map((pid) => [pid.codec ?? pid.what, pictureText(pid), soundText(pid)].filter(Boolean).join(' '))
    .join(' · ');
}

function showSummary(list, seen) {
  const clock = seen.clocks[0];
  const facts = [
    ['Bit rate', bitRate(seen.bitRate)],
    ['Null packets', percent(seen.nullPercent)],
    ['Continuity errors', count(seen.continuityErrors)],
    ['Transport errors', count(seen.transportErrors)],
    ['Scrambled packets', count(seen.scrambledPackets)],
    ['PCR interval', clock ? meanAndMost(clock.meanIntervalMillis, clock.longestIntervalMillis) : 'no PCR'],
    ['PCR jitter on arrival', clock && clock.jitterMillis !== null ? millis(clock.jitterMillis) : '–'],
    ['PCR jumps', clock ? `${count(clock.jumps)}, announced ${count(clock.announcedJumps)}` : '–'],
    ['Missing payloads', count(seen.missingPayloads)],
  ];
  reconcile(list, facts, ([name]) => name,
    ([name]) => h('div', {}, h('dt', {}, name), h('dd', { class: 'figure' })),
    (item, [, value]) => setText(item.lastElementChild, value));
}

function meanAndMost(mean, most) {
  return `${millis(mean)}, at most ${millis(most)}`;
}

function programText(programs) {
  if (programs.length === 0) {
    return 'No program is announced (no PAT yet).';
  }
  return programs.map((program) => `Program ${program.number}: PMT on PID ${hex(program.pmtPid)}, `
    + (program.pcrPid === null ? 'no PCR' : `PCR on PID ${hex(program.pcrPid)}`)
    + (program.described ? '' : ', PMT not seen yet')).join('. ');
}

function pidTable() {
  const body = h('tbody');
  const element = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'PIDs' },
    h('table', { class: 'pids' },
      h('thead', {}, h('tr', {},
        ['PID', 'What', 'Language'].map((name) => h('th', { scope: 'col' }, name)),
        ['Bit rate', 'Continuity errors', 'Scrambled'].map((name) => h('th', { scope: 'col', class: 'number' }, name)),
        h('th', { scope: 'col' }, 'Details'))),
      body));
  return {
    element,
    update(seen) {
      const greatest = Math.max(1, ...seen.pids.map((pid) => pid.bitRate));
      reconcile(body, seen.pids, (pid) => pid.pid, createPid, (row, pid) => updatePid(row, pid, greatest));
    },
  };
}

function createPid() {
  return h('tr', {},
    h('th', { scope: 'row', class: 'pid' }, h('span', { class: 'mono' }), h('span', { class: 'muted' })),
    h('td'), h('td'),
    h('td', { class: 'number' }, h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'bar-fill' })),
      h('span', { class: 'value' })),
    h('td', { class: 'number' }), h('td', { class: 'number' }), h('td'));
}

function updatePid(row, pid, greatest) {
  const [number, what, language, rate, errors, scrambled, details] = row.children;
  setText(number.firstElementChild, hex(pid.pid));
  setText(number.lastElementChild, pid.pid);
  setText(what, pid.what);
  setText(language, pid.language ?? '');
  setText(details, detailText(pid));
  rate.querySelector('.bar-fill').style.width = `${100 * pid.bitRate / greatest}%`;
  setText(rate.lastElementChild, bitRate(pid.bitRate));
  setText(errors, pid.continuityErrors > 0 ? `⚠ ${count(pid.continuityErrors)}` : '0');
  errors.className = pid.continuityErrors > 0 ? 'number bad' : 'number';
  setText(scrambled, pid.scrambledPackets > 0 ? count(pid.scrambledPackets) : 'no');
}

function detailText(pid) {
  const { gop, interval } = pid;
  return [
    pictureText(pid),
    gop && `GOP ${gop.frames} frames, ${meanAndMost(gop.millis, gop.longestMillis)}`,
    soundText(pid),
    interval && `every ${meanAndMost(interval.meanMillis, interval.longestMillis)}`,
  ].filter(Boolean).join(' · ');
}

function pictureText({ video }) {
  if (!video) {
    return '';
  }
  const rate = video.frameRate ?? video.declaredFrameRate;
  const size = `${video.width} × ${video.height}`;
  return [size, video.interlaced && 'interlaced', rate && `${Number(rate.toFixed(2))} fps`].filter(Boolean).join(' ');
}

function soundText({ audio }) {
  return audio ? `${audio.sampleRate / 1000} kHz${audio.channels ? ` ${channelText(audio.channels)}` : ''}` : '';
}

function channelText(channels) {
  return { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }[channels] ?? `${channels} channels`;
}

/** A state is a sign and a word, and a colour. */
function indicatorList(title) {
  const list = h('ul', { class: 'indicators', role: 'list' });
  return {
    element: h('div', {}, h('h3', {}, title), list),
    update(indicators) {
      reconcile(list, indicators, (indicator) => indicator.name, createIndicator, updateIndicator);
    },
  };
}

function createIndicator(indicator) {
  return h('li', { 'data-indicator': indicator.name },
    h('span', { class: 'badge' }),
    h('span', {}, h('span', { class: 'muted figure' }, `${indicator.number} `), indicator.text),
    h('span', { class: 'muted figure past' }));
}

function updateIndicator(item, { failing, count: times, last }) {
  const [badge, , past] = item.children;
  const state = failing ? 'bad' : times > 0 ? 'warn' : 'good';
  item.dataset.state = state;
  badge.className = `badge ${state}`;
  setText(badge, { bad: '✕ failing', warn: '! was failing', good: '✓ ok' }[state]);
  const often = `${count(times)} ${times === 1 ? 'time' : 'times'}`;
  setText(past, times > 0 ? `${often}, last at ${time(last)} (${since(last)} ago)` : '');
  past.title = last ?? '';
}

function showEvents(list, events) {
  const newest = [...events].sort((a, b) => Date.parse(b.last) - Date.parse(a.last)).slice(0, SHOWN_EVENTS);
  reconcile(list, newest, (event) => `${event.name} ${event.pid} ${event.first}`,
    () => h('li', {}, h('time', { class: 'figure muted' }), h('span')),
    (item, event) => {
      const [when, what] = item.children;
      setText(when, time(event.last));
      when.title = event.last;
      when.dateTime = event.last;
      const times = event.count > 1 ? `, ${count(event.count)} times since ${time(event.first)}` : '';
      setText(what, `${event.text}${event.pid === null ? '' : `, PID ${hex(event.pid)}`}${times}`);
    });
}

function hex(pid) {
  return `0x${pid.toString(16).toUpperCase().padStart(4, '0')}`;
}
