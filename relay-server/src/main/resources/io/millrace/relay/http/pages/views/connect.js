import { fill, h } from '../dom.js';

export function title() {
  return 'Connect';
}

export function mount(main) {
  fill(main, h('h1', {}, 'Connect'));
  return () => {};
}
