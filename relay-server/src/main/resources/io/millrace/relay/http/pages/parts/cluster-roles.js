// The exclusive roles of the listeners: which node has each, and a way to have it handed over.

import { h, reconcile, setText } from '../dom.js';
import { send } from '../api.js';
import { ask, toast } from './dialog.js';

/** @returns {element, update(cluster)} */
export function roleTable() {
  const rows = h('tbody', {});
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'roles-title' },
    h('table', {}, h('thead', {}, h('tr', {},
      ['Role', 'Owner', 'Preferred', 'Epoch'].map((name) => h('th', { scope: 'col' }, name)), h('td'))), rows));
  const none = h('p', { class: 'muted' },
    'Every node opens every listener. One that a single node is to have at a time gets ', h('code', {}, 'role: {exclusive: true}'), ' in the configuration.');
  const element = h('section', { class: 'panel', id: 'roles', 'aria-labelledby': 'roles-title' },
    h('h2', { id: 'roles-title' }, 'Listener roles'), table, none);
  let newest = null;
  return {
    element,
    update(cluster) {
      newest = cluster;
      element.hidden = cluster.mode === 'none' && cluster.roles.length === 0;
      table.hidden = cluster.roles.length === 0;
      none.hidden = !table.hidden;
      reconcile(rows, cluster.roles, ({ name }) => name, (role) => create(role, () => newest), (row, role) => {
        update(row, role, candidates(cluster, role));
      });
    },
  };
}

function create({ name }, cluster) {
  return h('tr', { 'data-role': name },
    h('th', { scope: 'row' }, `◆ ${name}`), h('td', { 'data-field': 'owner' }),
    h('td', { 'data-field': 'preferred' }), h('td', { 'data-field': 'epoch', class: 'figure' }),
    h('td', {}, h('button', {
      type: 'button', 'aria-label': `Hand role ${name} over`, onclick: () => handOver(name, cluster()),
    }, 'Hand over …')));
}

function update(row, { owner, preferred, epoch }, others) {
  const [, ownerCell, preferredCell, epochCell, actions] = row.children;
  setText(ownerCell, owner ?? '✕ nobody');
  ownerCell.classList.toggle('bad', owner === null);
  setText(preferredCell, preferred.join(', ') || 'any node');
  setText(epochCell, epoch ?? '–');
  actions.firstChild.disabled = owner === null || others.length === 0;
}

function candidates(cluster, { owner }) {
  return cluster.nodes.filter((node) => node.id !== owner && !node.draining).map(({ id }) => id);
}

async function handOver(name, cluster) {
  const role = cluster.roles.find((candidate) => candidate.name === name);
  const answer = await ask({
    title: `Hand role ${name} over?`,
    content: [
      h('p', {}, `Node ${role.owner} closes its listener, and its callers are told. They call again, and reach the new `
        + 'owner.'),
      h('label', {}, 'To node', h('select', { name: 'node' },
        candidates(cluster, role).map((id) => h('option', { value: id }, id)))),
    ],
    confirm: 'Hand over',
    dangerous: true,
    act: async ({ node }) => {
      await send('POST', `/api/v1/roles/${encodeURIComponent(name)}/owner`, { node });
      return node;
    },
  });
  if (answer) {
    toast(`Node ${role.owner} was asked to hand ${name} over to ${answer}`);
  }
}
