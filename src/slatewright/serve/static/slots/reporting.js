// Events on their way to the server: in batches, again when it was away, and also while the page is left.

import { keyed } from "./asking.js";
import { newId } from "./making.js";

const GATHER = 250; // ms in which events share a request
const BATCH = 40; // events, well below what a browser sends of a page that is being left
const WAITING = 400; // events that wait for a server that is away; the oldest go first
const PATIENCE = [1000, 4000, 15000, 60000]; // ms before a failed request is tried again

class Outbox {
  #waiting = [];
  #timer = null;
  #failures = 0;

  constructor(server, key) {
    Object.assign(this, { server, key });
    addEventListener("pagehide", () => this.send());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.send());
  }

  // Resolves to whether the server has it on disk. An event keeps its id when it is sent again, so it counts once.
  add(table, event, soon) {
    return new Promise((done) => {
      this.#waiting.push({ table, event: { event_id: newId(), ...event }, done });
      for (const late of this.#waiting.splice(0, this.#waiting.length - WAITING)) late.done(false);
      if (soon && this.#failures === 0) this.send();
      else this.#later(GATHER);
    });
  }

  send() {
    clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length) this.#deliver(this.#waiting.splice(0, BATCH));
  }

  #later(wait) {
    this.#timer ??= setTimeout(() => this.send(), wait);
  }

  async #deliver(batch) {
    const answer = await this.#post(batch).catch(() => null);
    if (answer !== null && answer.status < 500 && answer.status !== 429) {
      this.#failures = 0;
      for (const one of batch) one.done(answer.ok);
      return;
    }
    this.#waiting.unshift(...batch);
    const asked = 1000 * Number(answer?.headers.get("Retry-After") ?? 0);
    this.#later(Math.max(asked || 0, PATIENCE[Math.min(this.#failures, PATIENCE.length - 1)]));
    this.#failures += 1;
  }

  #post(batch) {
    const of = (table) => batch.filter((one) => one.table === table).map((one) => one.event);
    const body = JSON.stringify({ interactions: of("interactions"), impressions: of("impressions") });
    const headers = keyed(this.key, { "Content-Type": "application/json" });
    const keepalive = body.length < 60_000; // beyond 64 KiB a browser refuses it
    return fetch(`${this.server}/api/events`, { method: "POST", headers, body, keepalive });
  }
}

const outboxes = new Map();

export function outbox(server, key) {
  const name = JSON.stringify([server, key]);
  if (!outboxes.has(name)) outboxes.set(name, new Outbox(server, key));
  return outboxes.get(name);
}
