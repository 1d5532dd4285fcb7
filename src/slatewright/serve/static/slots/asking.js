// What a slot asks the server for: a user's slate, a visitor's, or items like an item.

import { remembered } from "./session.js";

const HOME = new URL("../../", import.meta.url).href; // the server that this file came from
const PATIENCE = 5000; // ms

function addressOf(server) {
  try {
    return new URL(server ?? HOME, document.baseURI).href.replace(/\/+$/, "");
  } catch {
    return server; // no address: asking it fails, as an address without a server does
  }
}

// For whom an element asks, and where: a user, items to be alike, or a visitor without a name.
export function whomOf(element) {
  const given = (name) => element.getAttribute(name) || null;
  return {
    server: addressOf(given("server")),
    key: given("key"),
    user: given("user"),
    like: given("like"),
    items: element.hasAttribute("session") ? listed(element.getAttribute("session"), true) : remembered(),
    patience: Number(given("timeout")) || PATIENCE,
  };
}

export const wishesOf = (element) => ({
  k: element.k,
  category: listed(element.getAttribute("category")),
  exclude_category: listed(element.getAttribute("exclude-category")),
  exclude: listed(element.getAttribute("exclude"), true),
  ...placeOf(element),
});

export const placeOf = (element) => ({
  surface: element.getAttribute("surface") ?? "",
  slot: element.getAttribute("slot-name") ?? "",
});

// An attribute that holds several: a JSON list, or words between blanks where `words` says so, or one text.
export function listed(text, words = false) {
  const trimmed = (text ?? "").trim();
  if (trimmed === "") return [];
  if (!trimmed.startsWith("[")) return words ? trimmed.split(/\s+/) : [trimmed];
  try {
    return JSON.parse(trimmed).map(String);
  } catch {
    console.warn(`slots: not a JSON list: ${trimmed}`);
    return [];
  }
}

export const keyed = (key, headers) => (key ? { ...headers, "X-API-Key": key } : headers);

function asked(path, wishes) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wishes)) for (const one of [value].flat()) query.append(name, one);
  return `${path}?${query}`;
}

// `wishes` are fields of the API; those that say nothing stay away.
export async function slateOf(whom, wishes) {
  const said = telling(wishes);
  if (whom.like) return checked(await answer(whom, asked(`/api/item-to-item/${encodeURIComponent(whom.like)}`, said)));
  if (whom.user) return checked(await answer(whom, asked(`/api/recommend/${encodeURIComponent(whom.user)}`, said)));
  return checked(await answer(whom, "/api/session/recommend", { item_ids: whom.items, ...said }));
}

export async function pageOf(whom, { slot, ...wishes }) {
  const said = telling(wishes);
  const page = whom.user ? await answer(whom, asked(`/api/page/${encodeURIComponent(whom.user)}`, said))
    : await answer(whom, "/api/session/page", { item_ids: whom.items, ...said });
  page.rows.forEach((row) => checked(row.slate));
  return page;
}

function checked(slate) {
  if (!Array.isArray(slate?.items)) throw new Error("what the server sent is not a slate");
  return slate;
}

export const whyOf = (whom, itemId) =>
  answer(whom, `/api/why/${encodeURIComponent(whom.user)}/${encodeURIComponent(itemId)}`);

const telling = (wishes) => Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== "" && value?.length !== 0));

async function answer({ server, key, patience }, path, body = null) {
  const headers = keyed(key, { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) });
  const given = await fetch(server + path, {
    method: body ? "POST" : "GET",
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  });
  if (!given.ok) throw new Error((await given.json().catch(() => ({}))).detail ?? `the server said ${given.status}`);
  return given.json();
}
