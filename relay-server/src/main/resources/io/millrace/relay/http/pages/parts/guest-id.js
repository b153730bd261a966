// A stream id that lets one caller in once: asked for, made by the relay, and shown nowhere but on the card.

import { h } from '../dom.js';
import { send } from '../api.js';
import { ask } from './dialog.js';

const LIFETIMES = [
  [300, '5 minutes'],
  [3600, '1 hour'],
  [6 * 3600, '6 hours'],
  [24 * 3600, '24 hours'],
];

/**
 * Asks for how long, and makes one.
 *
 * @returns a promise of its id, streamId and expires; null when it was cancelled
 */
export function guestId({ streamName, publish, user }) {
  return ask({
    title: 'Single-use id for a guest',
    content: [
      h('p', {}, `It lets one caller ${publish ? 'publish' : 'watch'} “${streamName}” once, without a password`
        + `${user ? `, as user “${user}”` : ''}. A caller that drops and comes back needs a new one.`),
      h('label', {}, 'To be used within', h('select', { name: 'lifetimeSeconds' },
        LIFETIMES.map(([seconds, name]) => h('option', { value: seconds, selected: seconds === 3600 }, name)))),
      h('p', { class: 'muted' }, 'It ends with the relay: a restart makes it useless.'),
    ],
    confirm: 'Make the id',
    act: ({ lifetimeSeconds }) => send('POST', '/api/v1/ids', {
      stream: streamName,
      action: publish ? 'publish' : 'request',
      lifetimeSeconds: Number(lifetimeSeconds),
      ...(user ? { user } : {}),
    }),
  });
}
