// What of a stream this browser can show, from what the relay says is in it.

/** By the codec's name at the relay: what a browser calls it. Others no browser plays from MPEG-TS. */
const CODECS = {
  'H.264': 'video/mp4; codecs="avc1.640028"',
  'H.265': 'video/mp4; codecs="hvc1.1.6.L120.90"',
  AV1: 'video/mp4; codecs="av01.0.08M.08"',
  AAC: 'audio/mp4; codecs="mp4a.40.2"',
  'AAC LATM': 'audio/mp4; codecs="mp4a.40.2"',
  'AC-3': 'audio/mp4; codecs="ac-3"',
  'E-AC-3': 'audio/mp4; codecs="ec-3"',
  Opus: 'audio/mp4; codecs="opus"',
};

/**
 * What there is to see and hear.
 *
 * @param ts answer of /api/v1/streams/NAME/ts
 * @returns shown: names of codecs; note: what is not shown and why, or empty; playable: whether anything is, true as long as
 *     the relay doesn't know what is in the stream; hidden and pmtPids: PIDs for {@link TrackFilter}
 */
export function tracksOf(ts) {
  const program = (ts.programs ?? []).find((one) => one.described);
  if (ts.state === 'not-mpeg-ts') {
    return { shown: [], note: 'This is not MPEG-TS: there is no picture to show.', playable: false, hidden: [], pmtPids: [] };
  }
  const streams = program ? ts.pids.filter((pid) => pid.program === program.number) : [];
  const video = choose(streams.filter((pid) => pid.kind === 'video'));
  const audio = choose(streams.filter((pid) => pid.kind === 'audio'));
  const known = video.all.length + audio.all.length > 0;
  const isScrambled = [video, audio].some((kind) => kind.shown && kind.shown.scrambledPackets === kind.shown.packets);
  return {
    shown: [video.shown, audio.shown].filter(Boolean).map((pid) => pid.codec),
    note: isScrambled ? 'The stream is scrambled: there may be nothing to see.' : note(video, audio),
    playable: !known || Boolean(video.shown || audio.shown),
    hidden: [...video.hidden, ...audio.hidden],
    pmtPids: program ? [program.pmtPid] : [],
  };
}

function choose(all) {
  const shown = all.find((pid) => canPlay(pid.codec));
  return { all, shown, hidden: all.filter((pid) => pid !== shown) };
}

function canPlay(codec) {
  const type = CODECS[codec];
  return Boolean(type) && Boolean(globalThis.MediaSource ?? globalThis.ManagedMediaSource)
    && (globalThis.MediaSource ?? globalThis.ManagedMediaSource).isTypeSupported(type);
}

function note(video, audio) {
  const lost = [video, audio].filter((kind) => kind.all.length > 0 && !kind.shown);
  if (lost.length === 0) {
    return '';
  }
  const codecs = lost.map((kind) => kind.all[0].codec).join(' or ');
  const rest = video.shown ? ' The picture is without sound.' : audio.shown ? ' There is only sound.' : '';
  return `This browser can't play ${codecs}.${rest}`;
}

/**
 * Makes a stream's tables say that some of its PIDs are nothing that a player knows: one that finds a codec that the browser
 * lacks would show nothing at all. Works on what a player reads, in whole TS packets; nothing else is changed.
 */
export class TrackFilter {
  #pmtPids;
  #hidden;
  #rest = new Uint8Array(0);

  constructor({ pmtPids, hidden }) {
    this.#pmtPids = new Set(pmtPids);
    this.#hidden = new Map(hidden.map((one) => [one.pid, one.streamType]));
  }

  /** @returns the whole packets that there are now */
  take(chunk) {
    if (this.#hidden.size === 0) {
      return chunk;
    }
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    let at = 0;
    while (at + PACKET <= bytes.length) {
      if (bytes[at] !== SYNC) {
        at++;
        continue;
      }
      if (this.#pmtPids.has(pidAt(bytes, at + 1))) {
        this.#rename(bytes, at + 4, at + PACKET);
      }
      at += PACKET;
    }
    this.#rest = bytes.slice(at);
    return bytes.subarray(0, at);
  }

  #rename(bytes, from, end) {
    for (let at = from; at + 3 <= end; at++) {
      if (this.#hidden.get(pidAt(bytes, at + 1)) === bytes[at] && (bytes[at + 1] & 0xe0) === 0xe0) {
        bytes[at] = USER_PRIVATE;
      }
    }
  }
}

const PACKET = 188;
const SYNC = 0x47;
const USER_PRIVATE = 0xff;

function pidAt(bytes, at) {
  return ((bytes[at] & 0x1f) << 8) | bytes[at + 1];
}
