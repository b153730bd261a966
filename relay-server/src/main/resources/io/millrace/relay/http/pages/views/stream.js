import { fill, h } from '../dom.js';

export function title() {
  return 'Stream';
}

export function mount(main) {
  fill(main, h('h1', {}, 'Stream'));
  return () => {};
}
