// The API, read from openapi.json: what each call takes, and a form to try it.

import { held, hold, withKey } from "./key.js";
import { make } from "./slots/making.js";

const EXAMPLES = {
  "/api/events": { interactions: [{ user_id: "u1", item_id: "i1", kind: "view" }] },
  "/api/session/recommend": { item_ids: ["i1"], k: 5 },
};

function field(parameter) {
  const schema = parameter.schema ?? {};
  const usual = schema.default === undefined || schema.default === null ? "" : String(schema.default);
  const input = make("input", { id: newFieldId(), name: parameter.name, "data-in": parameter.in, placeholder: usual });
  return make("div", { class: "field" },
    make("label", { for: input.id }, parameter.name, parameter.required ? make("span", { class: "must" }, " *") : null),
    input,
    make("span", {}, parameter.description ?? ""));
}

let fields = 0;
const newFieldId = () => `field-${(fields += 1)}`;

async function send(form, path, verb, result) {
  const query = new URLSearchParams();
  let address = path;
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.in === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.append(input.name, input.value);
  }
  const body = form.querySelector("textarea")?.value;
  const asked = query.size ? `${address}?${query}` : address;
  const started = performance.now();
  const answer = await fetch(asked, { method: verb.toUpperCase(), body, headers: { ...withKey(held()), ...(body ? { "Content-Type": "application/json" } : {}) } });
  const text = await answer.text();
  const took = Math.round(performance.now() - started);
  result.hidden = false;
  result.textContent = `${verb.toUpperCase()} ${asked}\n${answer.status} in ${took} ms\n\n${pretty(text)}`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function operation(path, verb, about) {
  const result = make("pre", { hidden: true, tabindex: "0", "aria-live": "polite" });
  const form = make("form", {}, ...(about.parameters ?? []).map(field));
  if (about.requestBody) form.append(make("textarea", { "aria-label": "Body" }, JSON.stringify(EXAMPLES[path] ?? {}, null, 2)));
  form.append(make("button", { class: "send", type: "submit" }, "Try it"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, path, verb, result).catch((error) => (result.textContent = String(error)));
  });
  const [gist, ...rest] = (about.description ?? about.summary ?? "").split("\n\n");
  return make("details", {},
    make("summary", {}, make("span", { class: `verb ${verb}` }, verb.toUpperCase()), make("code", {}, path),
      make("span", { class: "gist" }, about.summary ?? "")),
    make("div", { class: "body" }, make("p", {}, gist), ...rest.map((line) => make("p", {}, line)), form, result));
}

function keyField() {
  const input = make("input", { id: "key", type: "password", autocomplete: "off" });
  input.value = held() ?? "";
  input.addEventListener("change", () => hold(input.value.trim()));
  return make("div", { class: "field" }, make("label", { for: "key" }, "Key"), input,
    make("span", {}, "Sent as X-API-Key with every call; this tab holds it until it is closed."));
}

const api = await (await fetch("/openapi.json")).json();
const groups = new Map();
for (const [path, verbs] of Object.entries(api.paths)) {
  for (const [verb, about] of Object.entries(verbs)) {
    const group = about.tags?.[0] ?? "other";
    groups.set(group, [...(groups.get(group) ?? []), operation(path, verb, about)]);
  }
}
document.title = `${api.info.title} API`;
document.querySelector("#reference").replaceChildren(
  make("h1", {}, `${api.info.title} API`),
  make("p", { class: "lead" }, api.info.description),
  ...(api.components?.securitySchemes ? [keyField()] : []),
  ...[...groups].flatMap(([group, operations]) => [make("h2", { class: "group" }, group), ...operations]),
);
