"use strict";

// Shows the OpenAPI document that this relay serves. All text goes in as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, content, className) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  for (const part of [].concat(content === undefined ? [] : content)) {
    made.append(part);
  }
  return made;
}

/** A text in which what stands between backticks is code. */
function prose(text) {
  return element("p", text.split("`").map((part, i) => i % 2 ? element("code", part) : part));
}

/** What a reference into the document stands for. */
function resolve(api, value) {
  if (!value || !value.$ref) {
    return value;
  }
  return value.$ref.replace(/^#\//, "").split("/").reduce((node, key) => node[key], api);
}

function schemaName(schema) {
  return schema && schema.$ref ? schema.$ref.split("/").pop() : null;
}

/** A schema in a few words: "list of Stream", "text or null, one of a, b". */
function inWords(api, schema) {
  const name = schemaName(schema);
  if (name) {
    const link = element("a", name);
    link.href = "#schema-" + name;
    return link;
  }
  if (schema.oneOf) {
    return element("span", schema.oneOf.flatMap((one, i) => i ? [" or ", inWords(api, one)] : [inWords(api, one)]));
  }
  if (schema.type === "array") {
    return element("span", ["list of ", inWords(api, schema.items || {})]);
  }
  let text = [].concat(schema.type || "anything").join(" or ");
  if (schema.format) {
    text += ", " + schema.format;
  }
  if (schema.enum) {
    text += ": " + schema.enum.map(String).join(", ");
  }
  if (schema.const !== undefined) {
    text += ": " + schema.const;
  }
  if (schema.maximum !== undefined) {
    text += ", " + (schema.minimum ?? 0) + " to " + schema.maximum;
  } else if (schema.minimum !== undefined) {
    text += ", from " + schema.minimum;
  }
  if (schema.default !== undefined) {
    text += ", " + schema.default + " without it";
  }
  return element("span", text);
}

function entry(list, name, words, description) {
  list.append(element("dt", name));
  const text = element("dd", [words]);
  if (description) {
    text.append(element("div", description, "faint"));
  }
  list.append(text);
}

function members(api, schema) {
  const list = element("dl");
  const required = schema.required || [];
  for (const [name, member] of Object.entries(schema.properties || {})) {
    entry(list, name + (required.includes(name) ? "" : " (may be missing)"), inWords(api, member), member.description);
    if (member.type === "object" && member.properties) {
      list.lastChild.append(members(api, member));
    }
    if (member.type === "array" && member.items && member.items.properties) {
      list.lastChild.append(members(api, member.items));
    }
  }
  if (schema.additionalProperties && schema.additionalProperties !== true) {
    entry(list, "any other name", inWords(api, schema.additionalProperties));
  }
  return list;
}

function example(value) {
  return element("pre", typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

function contents(api, content) {
  const parts = [];
  for (const [mediaType, media] of Object.entries(content || {})) {
    parts.push(element("div", [element("code", mediaType), ": ", inWords(api, media.schema || {})]));
    const named = resolve(api, media.schema);
    const shown = media.example || (named && named.example);
    if (shown) {
      parts.push(example(shown));
    }
    for (const one of Object.values(media.examples || {})) {
      parts.push(element("div", one.summary, "faint"), example(one.value));
    }
  }
  return parts;
}

function operation(api, path, method, described, shared) {
  const open = described.security && described.security.length === 0;
  const scope = open ? "no token" : described["x-scope"];
  const title = element("summary", [
    element("span", scope, "scope"),
    element("span", method.toUpperCase(), "method " + (method === "get" ? "get" : "change")),
    element("code", path),
    element("div", described.summary),
  ]);
  const body = element("div");
  if (described.description) {
    body.append(prose(described.description));
  }
  const parameters = [...(shared || []), ...(described.parameters || [])].map(one => resolve(api, one));
  if (parameters.length) {
    const list = element("dl");
    for (const parameter of parameters) {
      entry(list, parameter.name + " (" + parameter.in + ")", inWords(api, parameter.schema), parameter.description);
    }
    body.append(element("h3", "Parameters"), list);
  }
  if (described.requestBody) {
    body.append(element("h3", "Body"), ...contents(api, described.requestBody.content));
  }
  body.append(element("h3", "Answers"));
  const answers = element("dl");
  for (const [status, reference] of Object.entries(described.responses)) {
    const response = resolve(api, reference);
    entry(answers, status, element("span", response.description));
    if (!reference.$ref) {
      answers.lastChild.append(...contents(api, response.content));
    }
  }
  body.append(answers);
  const box = element("details", [title, body]);
  box.id = described.operationId;
  return box;
}

function show(api) {
  const main = document.getElementById("content");
  main.textContent = "";
  for (const paragraph of api.info.description.split(/\n\n/)) {
    main.append(prose(paragraph));
  }
  const index = element("ul");
  main.append(element("nav", index));
  const sections = new Map(api.tags.map(tag => [tag.name, element("section", element("h2", tag.name))]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter(one => item[one])) {
      const described = item[method];
      sections.get(described.tags[0]).append(operation(api, path, method, described, item.parameters));
      const link = element("a", method.toUpperCase() + " " + path);
      link.href = "#" + described.operationId;
      index.append(element("li", link));
    }
  }
  main.append(...sections.values());
  const schemas = element("section", element("h2", "What is sent and answered"));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const body = element("div");
    if (schema.description) {
      body.append(prose(schema.description));
    }
    body.append(schema.properties ? members(api, schema) : inWords(api, schema));
    if (schema.example) {
      body.append(example(schema.example));
    }
    const box = element("details", [element("summary", element("code", name)), body]);
    box.id = "schema-" + name;
    schemas.append(box);
  }
  main.append(schemas);
  reveal();
}

/** Opens what the address points to. */
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
  }
}

addEventListener("hashchange", reveal);
fetch("/api/v1/openapi.json")
  .then(answer => answer.ok ? answer.json() : Promise.reject(new Error("HTTP " + answer.status)))
  .then(show)
  .catch(failure => {
    document.getElementById("content").textContent = "The description can't be loaded: " + failure.message;
  });
