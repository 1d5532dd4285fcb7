// A visit: a random name for it, and what somebody without a name opened. It lasts as long as the tab.

import { newId } from "./making.js";

const PLACE = "slatewright";
const MOST = 50;
let memory = { visit: null, items: [] }; // where the browser keeps nothing

function kept() {
  try {
    return { ...memory, ...JSON.parse(sessionStorage.getItem(PLACE)) };
  } catch {
    return memory;
  }
}

function keep(session) {
  memory = session;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(session));
  } catch {
    // a browser that stores nothing still has this page
  }
  return session;
}

export const remembered = () => kept().items;

export function visit() {
  const session = kept();
  return session.visit ?? keep({ ...session, visit: newId() }).visit;
}

export const visitor = () => `visitor-${visit()}`;

// The visitor looked at an item; slots without a user are chosen from the last ones. Product pages call it too.
export function looked(itemId) {
  const session = kept();
  keep({ ...session, items: [...session.items.filter((one) => one !== itemId), itemId].slice(-MOST) });
}
