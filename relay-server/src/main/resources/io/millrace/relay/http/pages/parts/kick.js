// Ends a connection, after asking.

import { h } from '../dom.js';
import { send } from '../api.js';
import { ask, toast } from './dialog.js';

const BANS = [
  [0, 'no'],
  [60, 'for 1 minute'],
  [600, 'for 10 minutes'],
  [3600, 'for 1 hour'],
  [86400, 'for 24 hours'],
];

const GONE = {};

/** @param consequence a sentence on who is affected */
export async function askToKick(connection, consequence) {
  const who = connection.label ?? connection.user ?? connection.peer;
  const answer = await ask({
    title: `Kick ${who}?`,
    content: [
      h('p', {}, `Ends connection ${connection.id}, the ${connection.role} at ${connection.peer}. ${consequence}`),
      h('label', {}, 'Ban its address, for all streams',
        h('select', { name: 'banSeconds' }, BANS.map(([seconds, text]) => h('option', { value: seconds }, text)))),
    ],
    confirm: 'Kick',
    dangerous: true,
    act: ({ banSeconds }) => kick(connection, banSeconds),
  });
  if (answer) {
    toast(answer === GONE ? `${who} had left already` : answer.ban ? `Kicked ${who}, and banned its address` : `Kicked ${who}`);
  }
}

async function kick({ id }, banSeconds) {
  try {
    return await send('DELETE', `/api/v1/connections/${id}?banSeconds=${banSeconds}`);
  } catch (problem) {
    // Without a ban that is what was wanted.
    if (problem.status === 404 && banSeconds === '0') {
      return GONE;
    }
    throw problem;
  }
}
