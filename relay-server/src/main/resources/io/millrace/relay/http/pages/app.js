// Which page is shown: the part of the address after the # says it, so that links and the back button work.

import { fill, h } from './dom.js';
import { signals } from './api.js';
import { themeButton } from './parts/theme.js';
import { tokenButton } from './parts/token.js';
import * as attempts from './views/attempts.js';
import * as cluster from './views/cluster.js';
import * as connect from './views/connect.js';
import * as dashboard from './views/dashboard.js';
import * as stream from './views/stream.js';

/** Each view has mount(main, argument), which returns what ends it, and title(argument). */
const VIEWS = [
  { path: '#/', view: dashboard, name: 'Streams' },
  { path: '#/connect', view: connect, name: 'Connect' },
  { path: '#/attempts', view: attempts, name: 'Attempts' },
  { path: '#/cluster', view: cluster, name: 'Cluster' },
];
const STREAM = '#/streams/';

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const notice = document.getElementById('notice');
let unmount = () => {};

function chosen(hash) {
  if (hash.startsWith(STREAM)) {
    return { path: '#/', view: stream, argument: decoded(hash.slice(STREAM.length)) };
  }
  const [path, query] = hash.split('?', 2);
  const entry = VIEWS.find((candidate) => candidate.path === path) ?? VIEWS[0];
  return { ...entry, argument: new URLSearchParams(query ?? '') };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function show() {
  const { path, view, argument } = chosen(location.hash || '#/');
  unmount();
  fill(nav, VIEWS.map((entry) => h('a', { href: entry.path, 'aria-current': entry.path === path ? 'page' : null }, entry.name)),
    h('a', { href: '/api' }, 'API'));
  document.title = `${view.title(argument)} – Millrace`;
  fill(main);
  window.scrollTo(0, 0);
  unmount = view.mount(main, argument);
}

signals.addEventListener('reachable', ({ detail: isReachable }) => {
  if (isReachable) {
    fill(notice);
  } else if (!notice.hasChildNodes()) {
    fill(notice, h('p', { class: 'banner bad' }, 'The relay does not answer. What is shown is the last that was heard; trying again …'));
  }
});
// With another token other things may be seen, and without one nothing.
signals.addEventListener('token-changed', show);
// A link that skips to the content is no other page.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
fill(document.getElementById('tools'), tokenButton(), themeButton());
window.addEventListener('hashchange', show);
show();
