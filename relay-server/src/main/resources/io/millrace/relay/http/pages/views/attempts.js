import { fill, h } from '../dom.js';

export function title() {
  return 'Attempts';
}

export function mount(main) {
  fill(main, h('h1', {}, 'Attempts'));
  return () => {};
}
