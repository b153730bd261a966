// QR codes, drawn here so that what they hold goes nowhere else.

import { h, svg } from '../dom.js';
import qrcode from '../vendor/qrcode-generator/qrcode.js';

/** Scanners want four modules of white around the code. */
const QUIET_MODULES = 4;
const SMALLEST_FITTING = 0;
const CORRECTION = 'M';

qrcode.stringToBytes = (text) => [...new TextEncoder().encode(text)];

/**
 * A code, as wide as its place.
 *
 * @param label what it is, for who doesn't see it
 */
export function qrCode(text, label) {
  const code = qrcode(SMALLEST_FITTING, CORRECTION);
  code.addData(text, 'Byte');
  code.make();
  const size = code.getModuleCount();
  const side = size + 2 * QUIET_MODULES;
  const box = { viewBox: `0 0 ${side} ${side}`, 'shape-rendering': 'crispEdges' };
  return svg('svg', { class: 'qr', role: 'img', 'aria-label': label, ...box },
    svg('rect', { width: side, height: side, fill: '#fff' }),
    svg('path', { d: dark(code, size), fill: '#000' }));
}

/** Shows it as large as the screen allows, for a phone that is held before it. */
export function showLarge(text, label) {
  const dialog = h('dialog', { class: 'qr-dialog', 'aria-label': label, onclose: () => dialog.remove() },
    qrCode(text, label),
    h('div', { class: 'actions' },
      h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Close')));
  document.body.append(dialog);
  dialog.showModal();
}

/** One path of horizontal runs: single squares would show seams. */
function dark(code, size) {
  const runs = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const start = column;
      while (column < size && code.isDark(row, column)) {
        column++;
      }
      if (column > start) {
        runs.push(`M${start + QUIET_MODULES} ${row + QUIET_MODULES}h${column - start}v1h${start - column}z`);
      }
    }
  }
  return runs.join('');
}
