// The relay's API: requests, the token, and what to say when something goes wrong.

const TOKEN = 'millrace.token';

/** What the relay answered instead of what was asked for, or that it didn't answer. */
export class ApiProblem extends Error {
  /** @param status of HTTP, 0 where there was no answer */
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/** Told of what all pages have to know: "token-needed" (detail: a problem) and "reachable" (detail: true or false). */
export const signals = new EventTarget();

export function token() {
  return sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN);
}

/** @param keep also after this tab is closed */
export function setToken(value, keep) {
  forgetToken();
  (keep ? localStorage : sessionStorage).setItem(TOKEN, value);
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
  localStorage.removeItem(TOKEN);
}

/** Headers of a request, for who makes one without these functions. */
export function authorizationHeaders() {
  const present = token();
  return present ? { Authorization: `Bearer ${present}` } : {};
}

/** The path of a stream: a slash in its name is no slash of the path. */
export function streamPath(name, rest = '') {
  return `/api/v1/streams/${encodeURIComponent(name)}${rest}`;
}

/** @throws ApiProblem */
export function get(path, signal) {
  return request('GET', path, undefined, signal);
}

/** @throws ApiProblem */
export function send(method, path, body) {
  return request(method, path, body);
}

async function request(method, path, body, signal) {
  const headers = authorizationHeaders();
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    reachable(false);
    throw new ApiProblem(0, 'No answer', 'The relay does not answer: is it running, and is this device on the network?');
  }
  reachable(true);
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  const problem = await problemOf(response);
  if (problem.status === 401) {
    signals.dispatchEvent(new CustomEvent('token-needed', { detail: problem }));
  }
  throw problem;
}

async function problemOf(response) {
  try {
    const told = await response.json();
    return new ApiProblem(response.status, told.title ?? response.statusText, told.detail ?? '');
  } catch {
    return new ApiProblem(response.status, response.statusText, `The relay answered ${response.status}.`);
  }
}

function reachable(isReachable) {
  signals.dispatchEvent(new CustomEvent('reachable', { detail: isReachable }));
}

/**
 * Does something now and then, one at a time, and not while nobody looks. What it throws is given to onProblem.
 *
 * @param work is given an AbortSignal
 * @returns ends it
 */
export function poll(work, everyMillis, onProblem = () => {}) {
  const ending = new AbortController();
  let timer = 0;
  let running = false;
  async function turn() {
    clearTimeout(timer);
    if (running || document.hidden || ending.signal.aborted) {
      return;
    }
    running = true;
    try {
      await work(ending.signal);
    } catch (problem) {
      if (!ending.signal.aborted) {
        onProblem(problem);
      }
    } finally {
      running = false;
      if (!ending.signal.aborted) {
        timer = setTimeout(turn, everyMillis);
      }
    }
  }
  document.addEventListener('visibilitychange', turn, { signal: ending.signal });
  turn();
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}
