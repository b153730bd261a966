// What a caller of this relay needs, as the texts that programs take: stream ids, URLs and shell words.

/**
 * A target is what a card is made for:
 *
 * @typedef {object} Target
 * @property {string} host a name or an address, an IPv6 one without brackets
 * @property {number} port
 * @property {string} streamName
 * @property {boolean} publish else it is watched
 * @property {number} latencyMillis
 * @property {string} passphrase empty for none
 * @property {number} keyLengthBytes 16, 24 or 32
 * @property {string} user empty for none
 * @property {string} secret a password, token or one-shot id; empty for none
 */

const MAX_STREAM_ID_BYTES = 512;
const MIN_PASSPHRASE_BYTES = 10;
const MAX_PASSPHRASE_BYTES = 79;
const MAX_LATENCY_MILLIS = 60_000;

export function utf8Bytes(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * The stream id in the standard syntax (docs/features/access-control.md of libsrt). That has no escape, so a name with
 * a comma takes the form publish/NAME, which this relay and others know, and which carries no user.
 */
export function streamId({ streamName, publish, user, secret }) {
  if (streamName.includes(',') && !user && !secret) {
    return `${publish ? 'publish' : 'play'}/${streamName}`;
  }
  return `#!::r=${streamName}${publish ? ',m=publish' : ''}${user ? `,u=${user}` : ''}${secret ? `,s=${secret}` : ''}`;
}

/** What is wrong with a target for every program; each a sentence that says what to do. */
export function faults(target) {
  const { host, port, streamName, user, secret, passphrase, latencyMillis } = target;
  const passphraseBytes = utf8Bytes(passphrase);
  const bytes = utf8Bytes(streamId(target));
  return [
    !streamName && 'Choose the stream, or type the name of a new one.',
    /^[/ ]|[/ ]$/.test(streamName) && 'A stream’s name neither begins nor ends with a slash or a space.',
    streamName.split('/').includes('..') && 'A part of the stream’s name is “..”, which the relay refuses.',
    /[\p{Cc}\u2028\u2029]/u.test(streamName + user + secret + passphrase)
      && 'A control character (a tab, a line break) is in one of the texts.',
    streamName.includes(',') && (user || secret)
      && 'A stream id with a user or a secret can’t carry a name with a comma: rename the stream.',
    // Who sends publish/NAME has it percent-decoded by the relay.
    /,.*%[0-9a-f]{2}|%[0-9a-f]{2}.*,/i.test(streamName)
      && 'A name with a comma can’t have a % with two digits as well: rename the stream.',
    (user + secret).includes(',') && 'A stream id can’t carry a comma in the user or the secret: choose another one.',
    bytes > MAX_STREAM_ID_BYTES
      && `The stream id has ${bytes} bytes, SRT carries ${MAX_STREAM_ID_BYTES}: shorten the name or the secret.`,
    passphrase && (passphraseBytes < MIN_PASSPHRASE_BYTES || passphraseBytes > MAX_PASSPHRASE_BYTES)
      && `A passphrase has ${MIN_PASSPHRASE_BYTES} to ${MAX_PASSPHRASE_BYTES} bytes, this one has ${passphraseBytes}.`,
    !/^[^\s/@?#&[\]'"]+$/.test(host)
      && 'Type the name or the address by which callers reach this relay, without srt:// and port.',
    !(Number.isInteger(port) && port >= 1 && port <= 65535) && 'A port is a number from 1 to 65535.',
    !(Number.isInteger(latencyMillis) && latencyMillis >= 0 && latencyMillis <= MAX_LATENCY_MILLIS)
      && `The latency is a number of milliseconds from 0 to ${MAX_LATENCY_MILLIS}.`,
  ].filter(Boolean);
}

/** srt://HOST:PORT; an IPv6 address stands in brackets. */
export function base({ host, port }) {
  return `srt://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * The URL as RFC 3986 has it, for programs that decode it: latency in milliseconds, as in libsrt's tools. A bare #
 * would begin the fragment, where iOS and Android cut the rest off.
 */
export function standardUrl(target) {
  return withQuery(base(target), {
    streamid: encoded(streamId(target)),
    latency: target.latencyMillis,
    ...encryption(target, encoded(target.passphrase)),
  });
}

/**
 * The URL for programs that take what stands between = and & as it is: FFmpeg and OBS (av_find_info_tag in FFmpeg's
 * libsrt.c and obs-ffmpeg-srt.h) and srt-live-transmit 1.5.1. A stream id with a character that they would take for
 * something else is percent-encoded; who doesn't decode it passes it on, and the relay does, since no #! is in front.
 *
 * @param latency in the unit of the program
 * @param passphrase as it is to stand there; empty for none
 */
export function rawUrl(target, latency, passphrase = target.passphrase, rest = {}) {
  return withQuery(base(target), {
    streamid: rawStreamId(streamId(target)),
    latency,
    ...encryption(target, passphrase),
    ...rest,
  });
}

/** & ends a value, + is a space to av_find_info_tag, and a % could be taken for an encoding by who does decode. */
function rawStreamId(id) {
  return /[&+%]/.test(id) ? id.replace(/[#&+%]/g, encodeURIComponent) : id;
}

/** These may stand in a query (RFC 3986, 3.4), and people read them. */
function encoded(text) {
  return encodeURIComponent(text).replace(/%(3A|2F|3D|2C|40)/g, decodeURIComponent);
}

function encryption({ keyLengthBytes, passphrase }, written) {
  return passphrase ? { passphrase: written || null, pbkeylen: keyLengthBytes } : {};
}

function withQuery(url, parameters) {
  const present = Object.entries(parameters).filter(([, value]) => value !== null);
  return `${url}?${present.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

/** A word of a POSIX shell: nothing is special within single quotes but the quote itself. */
export function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
