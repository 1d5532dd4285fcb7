// What the shop page asks the server for besides its slots.

import { calm, newId } from "./slots/making.js";

async function get(path, wishes = {}) {
  const query = new URLSearchParams(wishes);
  const answer = await fetch(query.size ? `${path}?${query}` : path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `the server said ${answer.status}`);
  return answer.json();
}

const readable = (items) => items.map((item) => ({ ...item, title: calm(item.title) }));

export const historyOf = async (user, k) => readable(await get(`/api/history/${encodeURIComponent(user)}`, { k }));
export const reasonsFor = (user, item) => get(`/api/why/${encodeURIComponent(user)}/${encodeURIComponent(item)}`, { k: 100 });
export const aboutShop = () => get("/api/shop");
export const somebodyNew = () => `visitor-${newId().slice(0, 6)}`;
