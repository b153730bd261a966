// How mpegts.js gets at a stream: its library, and a loader that says what the relay answered and lets go at once.

import { TrackFilter } from './player-tracks.js';

const LIBRARY = '/pages/vendor/mpegts.js/mpegts.js';

let library = null;

/** The library, loaded when it is wanted first. */
export function mpegtsLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = LIBRARY;
    script.onload = () => {
      window.mpegts.LoggingControl.enableAll = false;
      resolve(window.mpegts);
    };
    script.onerror = () => {
      library = null;
      script.remove();
      reject(new Error('The relay does not answer.'));
    };
    document.head.append(script);
  });
  return library;
}

/**
 * A class of loaders as mpegts.js wants it. Its own one gives the connection back only when more comes over it, and can't say
 * why the relay refused.
 *
 * @param headers gives the headers of a request
 * @param tracks what to hide, as of tracksOf
 * @param onProblem is told the status, 0 for none, and the sentence of an answer that is no stream
 */
export function loaderClass(mpegts, headers, tracks, onProblem) {
  const { kIdle, kConnecting, kBuffering, kError, kComplete } = mpegts.LoaderStatus;
  return class extends mpegts.BaseLoader {
    #aborting = new AbortController();

    constructor() {
      super('live');
      this._needStash = false;
    }

    destroy() {
      this.abort();
      super.destroy();
    }

    abort() {
      this._status = kIdle;
      this.#aborting.abort();
    }

    async open(source) {
      this._status = kConnecting;
      try {
        const response = await fetch(source.url, { headers: headers(), signal: this.#aborting.signal });
        if (response.ok) {
          this._status = kBuffering;
          await this.#read(response.body.getReader());
        } else {
          this.#fail(response.status, await sentence(response));
        }
      } catch (failure) {
        this.#fail(0, String(failure.message));
      }
    }

    async #read(reader) {
      const filter = new TrackFilter(tracks);
      let received = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#aborting.signal.aborted) {
          return;
        }
        if (done) {
          this._status = kComplete;
          this._onComplete?.(0, received - 1);
          return;
        }
        const chunk = filter.take(value);
        if (chunk.length > 0) {
          const from = received;
          received += chunk.length;
          this._onDataArrival?.(chunk.slice().buffer, from, received);
        }
      }
    }

    #fail(status, text) {
      if (this.#aborting.signal.aborted) {
        return;
      }
      this._status = kError;
      onProblem(status, text);
    }
  };
}

async function sentence(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The relay answered ${response.status}.`;
  }
}
