// A stream's live picture and sound.

import { h, setText } from '../dom.js';
import { ApiProblem, authorizationHeaders, get, streamPath } from '../api.js';
import { nodeOf } from './elsewhere.js';
import { loaderClass, mpegtsLibrary } from './player-source.js';
import { tracksOf } from './player-tracks.js';

/** Seconds between what the browser has and what it shows: as low as a network's ordinary jitter allows. */
const SETTINGS = {
  enableWorker: false,
  enableStashBuffer: false,
  lazyLoad: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 20,
  autoCleanupMinBackwardDuration: 10,
  liveBufferLatencyChasing: true,
  liveBufferLatencyMaxLatency: 2,
  liveBufferLatencyMinRemain: 0.5,
  liveSync: true,
  liveSyncMaxLatency: 0.9,
  liveSyncTargetLatency: 0.5,
  liveSyncPlaybackRate: 1.1,
};

const FIRST_RETRY_MILLIS = 1_000;
const LONGEST_RETRY_MILLIS = 15_000;
/** Who played for so long may try again soon. */
const STEADY_MILLIS = 10_000;
const HIDDEN_MILLIS = 30_000;
const LOOK_MILLIS = 500;
const NOT_THERE = 'Nobody publishes this stream at the moment. It plays as soon as somebody does.';
/** Without a step of the picture for so long it is begun again. */
const STALLED_MILLIS = 8_000;

/**
 * Puts a player into an element. It plays when it is told to, and then holds one connection to the relay, except while its
 * tab is not looked at.
 *
 * @param streamName of the stream
 * @param headers gives those of the request for the stream; those of the pages without it
 * @param onState is told {phase, text, delaySeconds, firstPictureMillis}; phase: stopped, connecting, playing, waiting,
 *     unplayable
 */
export function mountPlayer(element, { streamName, headers = authorizationHeaders, onState = () => {} }) {
  const player = new Player(streamName, typeof headers === 'function' ? headers : () => headers, onState);
  element.append(player.root);
  return {
    start: () => player.start(),
    stop: () => player.stop(),
    destroy: () => player.destroy(),
  };
}

class Player {
  #streamName;
  #headers;
  #onState;
  #ending = new AbortController();

  #video;
  #screen;
  #over;
  #overText;
  #startButton;
  #stopButton;
  #soundButton;
  #facts;
  #note;

  #wanted = false;
  #phase = 'stopped';
  /** The library's player, while there is a connection. */
  #engine = null;
  /** Counts attempts, so that what an earlier one still brings is left out. */
  #attempt = 0;
  #tracks = tracksOf({});
  #openedAt = 0;
  #playingSince = 0;
  #firstPictureMillis = null;
  #retryMillis = FIRST_RETRY_MILLIS;
  #retryTimer = 0;
  #hiddenTimer = 0;
  #lookTimer = 0;
  #lastTime = 0;
  #movedAt = 0;

  constructor(streamName, headers, onState) {
    this.#streamName = streamName;
    this.#headers = headers;
    this.#onState = onState;
    this.#video = h('video', { playsinline: true, 'aria-label': `Live picture of ${streamName}` });
    // Browsers start nothing with sound that nobody has clicked on.
    this.#video.muted = true;
    this.#overText = h('p', { role: 'status' });
    this.#startButton = h('button', { type: 'button', class: 'primary', onclick: () => this.start() }, 'Play');
    this.#over = h('div', { class: 'player-over' }, this.#overText, this.#startButton);
    this.#stopButton = h('button', { type: 'button', hidden: true, onclick: () => this.stop() }, 'Stop');
    this.#soundButton = h('button', { type: 'button', class: 'player-sound', hidden: true, onclick: () => this.#toggleSound() });
    this.#facts = h('p', { class: 'player-facts' });
    this.#note = h('p', { class: 'player-note', role: 'status' });
    this.#screen = h('div', { class: 'player-screen' }, this.#video, this.#over, this.#soundButton);
    this.root = h('div', { class: 'player' },
      this.#screen,
      h('div', { class: 'player-bar' },
        this.#stopButton,
        h('button', { type: 'button', onclick: () => this.#fullscreen() }, 'Full screen'),
        this.#facts),
      this.#note);
    const signal = this.#ending.signal;
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal });
    window.addEventListener('pagehide', () => this.#close(), { signal });
    this.#video.addEventListener('playing', () => this.#playing(), { signal });
    this.#showSound();
    this.#show('stopped', '');
  }

  start() {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#retryMillis = FIRST_RETRY_MILLIS;
      this.#lookTimer = setInterval(() => this.#look(), LOOK_MILLIS);
      this.#open();
    } else if (this.#engine) {
      // The browser wanted a click first.
      this.#play(this.#attempt);
    }
  }

  stop() {
    this.#wanted = false;
    clearInterval(this.#lookTimer);
    clearTimeout(this.#hiddenTimer);
    this.#close();
    setText(this.#note, '');
    this.#show('stopped', '');
  }

  destroy() {
    this.stop();
    this.#ending.abort();
    this.root.remove();
  }

  async #open() {
    this.#close();
    const attempt = this.#attempt;
    this.#show('connecting', 'Connecting …');
    try {
      const [mpegts, tracks] = await Promise.all([mpegtsLibrary(), this.#readTracks()]);
      if (attempt !== this.#attempt) {
        return;
      }
      this.#tracks = tracks;
      setText(this.#note, tracks.playable ? tracks.note : '');
      if (!mpegts.isSupported()) {
        this.#show('unplayable', 'This browser can\'t play live streams: it has no Media Source Extensions.');
      } else if (tracks.playable) {
        this.#connect(mpegts, attempt);
      } else {
        this.#show('unplayable', tracks.note);
        this.#retryLater();
      }
    } catch (failure) {
      if (attempt === this.#attempt) {
        this.#failed(failure.status ?? 0, failure.message);
      }
    }
  }

  async #readTracks() {
    const path = streamPath(this.#streamName, '/ts');
    try {
      return tracksOf(await get(path));
    } catch (problem) {
      if (problem.status !== 404 || await nodeOf(this.#streamName) === null) {
        throw problem;
      }
      await this.#bringHere();
      return tracksOf(await get(path));
    }
  }

  /** Another node publishes it: asked for it, this one takes it from there, and keeps it for some seconds. */
  async #bringHere() {
    const enough = new AbortController();
    const path = streamPath(this.#streamName, '/live.ts');
    const answer = await fetch(path, { headers: this.#headers(), signal: enough.signal });
    if (!answer.ok) {
      const { detail } = await answer.json();
      throw new ApiProblem(answer.status, answer.statusText, detail);
    }
    enough.abort();
  }

  #connect(mpegts, attempt) {
    const ifPresent = (action) => (...values) => {
      if (attempt === this.#attempt) {
        action(...values);
      }
    };
    const url = streamPath(this.#streamName, '/live.ts');
    const onProblem = ifPresent((status, text) => this.#failed(status, text));
    this.#openedAt = performance.now();
    this.#movedAt = this.#openedAt;
    this.#firstPictureMillis = null;
    this.#engine = mpegts.createPlayer(
      { type: 'mpegts', isLive: true, url: new URL(url, location.href).href },
      { ...SETTINGS, customLoader: loaderClass(mpegts, this.#headers, this.#tracks, onProblem) });
    // Later: it goes on with what it was doing, and can't be destroyed meanwhile.
    const onEngine = (event, action) => this.#engine.on(event, (...values) => setTimeout(ifPresent(action), 0, ...values));
    onEngine(mpegts.Events.LOADING_COMPLETE, () => this.#failed(0, 'The stream has ended. It plays again when somebody publishes it.'));
    onEngine(mpegts.Events.ERROR, (type, detail, info) => this.#failed(0, this.#mediaProblem(info)));
    this.#engine.attachMediaElement(this.#video);
    this.#engine.load();
    this.#video.requestVideoFrameCallback?.(ifPresent(() => {
      this.#firstPictureMillis = Math.round(performance.now() - this.#openedAt);
    }));
    this.#play(attempt);
  }

  #play(attempt) {
    this.#video.play().catch((refusal) => {
      if (attempt === this.#attempt && refusal.name === 'NotAllowedError') {
        this.#show('stopped', 'The browser wants you to press Play first.');
      }
    });
  }

  #mediaProblem(info) {
    const codecs = this.#tracks.shown.length > 0 ? this.#tracks.shown.join(' and ') : 'what is in this stream';
    const reason = this.#video.error?.message || info?.msg;
    return `This browser could not play ${codecs}${reason ? ` (${reason})` : ''}.`;
  }

  /** Also when the stream has ended: another publisher's is another one for a decoder. */
  #failed(status, text) {
    if (this.#playingSince > 0 && performance.now() - this.#playingSince > STEADY_MILLIS) {
      this.#retryMillis = FIRST_RETRY_MILLIS;
    }
    if (status === 401 || status === 403) {
      this.stop();
      this.#show('stopped', text);
      return;
    }
    this.#close();
    this.#show('waiting', status === 404 ? NOT_THERE : text);
    this.#retryLater();
  }

  #retryLater() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      // Who looks again has it begin then.
      if (!document.hidden) {
        this.#open();
      }
    }, this.#retryMillis);
    this.#retryMillis = Math.min(2 * this.#retryMillis, LONGEST_RETRY_MILLIS);
  }

  /** Gives the connection back. */
  #close() {
    this.#attempt++;
    clearTimeout(this.#retryTimer);
    this.#playingSince = 0;
    const engine = this.#engine;
    this.#engine = null;
    engine?.destroy();
    setText(this.#facts, '');
  }

  #playing() {
    if (this.#engine && this.#phase !== 'playing') {
      this.#playingSince = performance.now();
      this.#show('playing', '');
    }
  }

  #visibilityChanged() {
    clearTimeout(this.#hiddenTimer);
    if (!this.#wanted) {
      return;
    }
    if (document.hidden) {
      this.#hiddenTimer = setTimeout(() => {
        this.#close();
        this.#show('waiting', 'Nobody was looking: it plays again in a moment.');
      }, HIDDEN_MILLIS);
    } else if (!this.#engine) {
      this.#retryMillis = FIRST_RETRY_MILLIS;
      this.#open();
    }
  }

  /** Now and then while it is wanted. */
  #look() {
    if (!this.root.isConnected) {
      this.destroy();
      return;
    }
    if (!this.#engine) {
      return;
    }
    const now = performance.now();
    const buffered = this.#video.buffered;
    this.#jumpOverGap(buffered);
    if (this.#video.currentTime !== this.#lastTime || this.#phase === 'stopped' || document.hidden) {
      this.#lastTime = this.#video.currentTime;
      this.#movedAt = now;
    } else if (now - this.#movedAt > STALLED_MILLIS) {
      this.#failed(0, 'Nothing has come for a while.');
      return;
    }
    if (this.#phase === 'playing') {
      this.#showFacts(buffered);
    }
  }

  /** Where something was left out, a browser would wait for it for ever. */
  #jumpOverGap(buffered) {
    const time = this.#video.currentTime;
    for (let i = 0; i < buffered.length; i++) {
      if (time < buffered.start(i)) {
        const isInside = i > 0 && time < buffered.end(i - 1) - 0.1;
        if (!isInside) {
          this.#video.currentTime = buffered.start(i) + 0.01;
        }
        return;
      }
    }
  }

  #showFacts(buffered) {
    const video = this.#video;
    const delaySeconds = buffered.length > 0
      ? Math.max(0, buffered.end(buffered.length - 1) - video.currentTime) : 0;
    const dropped = video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0;
    setText(this.#facts, [
      `${delaySeconds.toFixed(1)} s behind live`,
      video.videoWidth > 0 ? `${video.videoWidth} × ${video.videoHeight}` : 'no picture',
      this.#tracks.shown.join(', '),
      `dropped frames: ${dropped}`,
    ].filter(Boolean).join(' · '));
    this.#onState({
      phase: this.#phase, text: '', delaySeconds, firstPictureMillis: this.#firstPictureMillis, droppedFrames: dropped,
    });
  }

  #show(phase, text) {
    this.#phase = phase;
    setText(this.#overText, text);
    this.#over.hidden = phase === 'playing';
    this.#startButton.hidden = phase !== 'stopped';
    this.#stopButton.hidden = phase === 'stopped';
    this.#soundButton.hidden = phase !== 'playing';
    this.#onState({ phase, text, delaySeconds: null, firstPictureMillis: this.#firstPictureMillis, droppedFrames: null });
  }

  #toggleSound() {
    this.#video.muted = !this.#video.muted;
    this.#showSound();
  }

  #showSound() {
    setText(this.#soundButton, this.#video.muted ? 'Unmute' : 'Mute');
  }

  #fullscreen() {
    // Phones of one maker have it for the video alone.
    const asked = this.#screen.requestFullscreen?.() ?? this.#video.webkitEnterFullscreen?.();
    asked?.catch?.(() => {});
  }
}

