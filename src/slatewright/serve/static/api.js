// Talks to the server: asks for slates, sends events. An event keeps its id when it is sent again, so it counts once.

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function get(path, wishes = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wishes)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") query.append(name, one);
  }
  const answer = await fetch(query.size ? `${path}?${query}` : path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `the server said ${answer.status}`);
  return answer.json();
}

// Many a catalogue SHOUTS. People read a title better when it does not.
export function readable(items) {
  for (const item of items) {
    if (item.title.length > 4 && item.title === item.title.toUpperCase()) {
      item.title = item.title[0] + item.title.slice(1).toLowerCase();
    }
  }
  return items;
}

async function slate(path, wishes) {
  const answer = await get(path, wishes);
  readable(answer.items);
  return answer;
}

export const slateFor = (user, wishes) => slate(`/api/recommend/${encodeURIComponent(user)}`, wishes);
export const slateLike = (item, wishes) => slate(`/api/item-to-item/${encodeURIComponent(item)}`, wishes);
export const historyOf = async (user, k) => readable(await get(`/api/history/${encodeURIComponent(user)}`, { k }));
export const reasonsFor = (user, item) =>
  get(`/api/why/${encodeURIComponent(user)}/${encodeURIComponent(item)}`, { k: 100 });
export const aboutShop = () => get("/api/shop");

const session = newId();

export function acted(user, kind, itemId, slateId) {
  const event = { event_id: newId(), user_id: user, item_id: itemId, kind, session_id: session };
  if (slateId) event.slate_id = slateId;
  return send({ interactions: [event] });
}

export function shown(slate, surface, slot) {
  const items = slate.items;
  if (items.length === 0) return Promise.resolve();
  const event = {
    event_id: newId(),
    slate_id: slate.slate_id,
    user_id: slate.user_id,
    item_ids: items.map((item) => item.item_id),
    sources: items.map((item) => item.source),
    surface,
    slot,
  };
  return send({ impressions: [event] });
}

async function send(batch, attempts = 4) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch("/api/events", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(batch),
      keepalive: true,
    }).catch(() => null);
    if (answer?.ok) return;
    const hopeless = answer !== null && answer.status < 500;
    if (hopeless || attempt === attempts) throw new Error("the event did not reach the server");
    await new Promise((again) => setTimeout(again, 200 * 2 ** attempt));
  }
}
