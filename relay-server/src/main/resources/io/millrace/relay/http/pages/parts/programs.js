// How the programs that people use are set up to publish to this relay or to watch from it: each field by the name that the
// program gives it, in the program's order, with the escaping that it wants. Texts only, no elements, so that it can be tested.

import { base, faults, rawUrl, shellWord, standardUrl, streamId } from './srt-address.js';

/**
 * A card: what to type where.
 *
 * @typedef {object} Card
 * @property {string} where the place in the program's menus, or what to do
 * @property {Field[]} fields
 * @property {string[]} notes
 * @property {string[]} problems what must be changed before it can work
 * @property {{text: string, says: string}} code what its QR code holds, and what that is good for
 */

/**
 * @typedef {object} Field
 * @property {string} name as the program calls it
 * @property {string} value
 * @property {'text' | 'choice' | 'command'} kind typed, chosen from what the program offers, or a line for a shell
 */

const text = (name, value) => ({ name, value: String(value), kind: 'text' });
const choice = (name, value) => ({ name, value, kind: 'choice' });
const command = (name, value) => ({ name, value, kind: 'command' });

const URL_SAYS = 'The srt:// URL with everything in it, its latency in milliseconds, for whoever scans rather than types.';

// https://obsproject.com/kb/srt-protocol-streaming-guide and plugins/obs-ffmpeg/obs-ffmpeg-srt.h: all in the URL, the latency in
// microseconds, nothing decoded. A stream key is an id as well from OBS 29.1 on, but the URL's goes first, in all versions.
function obs(target) {
  const url = rawUrl(target, micros(target));
  return target.publish
    ? {
      where: 'Settings → Stream',
      fields: [choice('Service', 'Custom…'), text('Server', url), choice('Stream Key', 'leave it empty')],
      notes: ['The latency in this URL is in microseconds, as OBS takes it.'],
      problems: unwritable(target, 'OBS'),
    }
    : {
      where: 'Sources → + → Media Source',
      fields: [choice('Local File', 'off'), text('Input', url), text('Input Format', 'mpegts')],
      notes: ['The latency in this URL is in microseconds, as OBS takes it.'],
      problems: unwritable(target, 'OBS'),
    };
}

// https://ffmpeg.org/ffmpeg-protocols.html#srt and libavformat/libsrt.c: the latency in microseconds, payloads of seven TS packets.
// The URL works from FFmpeg 4.2 on. What it can't carry, the option can; a stream id needs none, see rawUrl.
function ffmpeg(target) {
  const asOption = isUnwritable(target.passphrase);
  const option = asOption ? `-passphrase ${shellWord(target.passphrase)} ` : '';
  const url = (rest) => shellWord(rawUrl(target, micros(target), asOption ? '' : target.passphrase, rest));
  const notes = ['Quoted for a POSIX shell and for PowerShell; in Windows’ cmd.exe put double quotes in place of the single ones.'];
  return target.publish
    ? {
      where: 'In a shell; FILE is what is published, once, as it is',
      fields: [command('Publish', `ffmpeg -re -i FILE -c copy -f mpegts ${option}${url({ pkt_size: 1316 })}`)],
      notes,
    }
    : {
      where: 'In a shell',
      fields: [
        command('Play', `ffplay -fflags nobuffer ${option}${url()}`),
        command('Record', `ffmpeg ${option}-i ${url()} -c copy recording.ts`),
      ],
      notes,
    };
}

// docs/apps/srt-live-transmit.md of libsrt: milliseconds; -chunk:1316, since its default of 1456 bytes is no whole number of TS
// packets. Up to 1.5.1 nothing is decoded (tried), so a passphrase that would have to be encoded can't be given.
function srtLiveTransmit(target) {
  const url = shellWord(rawUrl(target, target.latencyMillis));
  const problems = target.passphrase.includes('&') || /%[0-9a-f]{2}/i.test(target.passphrase)
    ? ['srt-live-transmit can’t be given a passphrase with & or with % and two hexadecimal digits: use another passphrase.']
    : [];
  return target.publish
    ? {
      where: 'In a shell; what arrives as UDP at port 5000 is published',
      fields: [command('Publish', `srt-live-transmit -chunk:1316 udp://:5000 ${url}`)],
      notes: [],
      problems,
    }
    : {
      where: 'In a shell',
      fields: [
        command('Record', `srt-live-transmit ${url} file://con > recording.ts`),
        command('Pass on as UDP', `srt-live-transmit -chunk:1316 ${url} udp://127.0.0.1:5000`),
      ],
      notes: [],
      problems,
    };
}

// gst-inspect-1.0 srtsink: milliseconds. set-timestamps paces a file by its PCR; alignment=7 makes payloads of 1,316 bytes.
function gstreamer(target) {
  const properties = [
    `uri=${shellWord(base(target))}`,
    shellWord(`streamid=${gstString(streamId(target))}`),
    `latency=${target.latencyMillis}`,
    ...(target.passphrase
      ? [shellWord(`passphrase=${gstString(target.passphrase)}`), `pbkeylen=${target.keyLengthBytes}`]
      : []),
  ].join(' ');
  const notes = ['The srt elements are in gst-plugins-bad; stream ids need GStreamer 1.18 or later.'];
  return target.publish
    ? {
      where: 'In a shell; FILE is an MPEG-TS file',
      fields: [command('Publish',
        `gst-launch-1.0 filesrc location=FILE ! tsparse set-timestamps=true alignment=7 ! srtsink ${properties}`)],
      notes,
    }
    : {
      where: 'In a shell',
      fields: [
        command('Play', `gst-launch-1.0 srtsrc ${properties} ! decodebin name=d d. ! queue ! videoconvert ! autovideosink`
          + ' d. ! queue ! audioconvert ! audioresample ! autoaudiosink'),
        command('Record', `gst-launch-1.0 srtsrc ${properties} ! filesink location=recording.ts`),
      ],
      notes,
    };
}

/** gst-launch's own quoting: a value in double quotes, where a backslash escapes these two. */
function gstString(value) {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

// vlc -p access_srt: milliseconds. VLC 3 reads no parameters from the URL. It can't be told of a user's choice by a QR code.
function vlc(target) {
  const options = [
    `--streamid ${shellWord(streamId(target))}`,
    `--latency ${target.latencyMillis}`,
    ...(target.passphrase ? [`--passphrase ${shellWord(target.passphrase)}`, `--key-length ${target.keyLengthBytes}`] : []),
  ].join(' ');
  return {
    where: 'In a shell',
    fields: [command('Play', `vlc ${options} ${shellWord(base(target))}`)],
    notes: [
      'VLC 3 takes the stream id from its options only, not from the URL.',
      'Without a shell: Tools → Preferences, Show settings: All, Input / Codecs → Access modules → SRT; then Media → Open'
        + ` Network Stream, ${base(target)}.`,
    ],
  };
}

// https://www.vmix.com/help24/SRTInput.html and SRT.html: the fields in their order, milliseconds.
function vmix(target) {
  const place = [
    text('Hostname', target.host),
    text('Port', target.port),
    text('Latency', target.latencyMillis),
    ...(target.publish ? [] : [choice('Decoder Delay', 'as it is')]),
    ...(target.passphrase ? [text('Passphrase', target.passphrase), choice('Key Length', String(target.keyLengthBytes))] : []),
    text('Stream ID', streamId(target)),
  ];
  return target.publish
    ? {
      where: 'Settings → Outputs / NDI / SRT → the cog of an output',
      fields: [choice('Enable SRT', 'on'), choice('Type', 'Caller'), ...place],
      notes: [],
    }
    : { where: 'Add Input → Stream / SRT', fields: [choice('Stream Type', 'SRT (Caller)'), ...place], notes: [] };
}

// Larix's own source (DeepLink.swift, Connection.swift of its iOS app; the Android app writes the same): names and values are
// percent-decoded, + is no space; srtmode c is caller, milliseconds, srtpbkl 16, 24 or 32. A connection of the same name is replaced.
function larix(target) {
  const url = base(target);
  const link = [
    ['url', url],
    ['name', target.streamName],
    ['overwrite', 'on'],
    ['srtmode', 'c'],
    ['srtlatency', String(target.latencyMillis)],
    ...(target.passphrase ? [['srtpass', target.passphrase], ['srtpbkl', String(target.keyLengthBytes)]] : []),
    ['srtstreamid', streamId(target)],
  ].map(([name, value]) => `conn[][${name}]=${encodeURIComponent(value)}`).join('&');
  return {
    where: 'Scan the code with the phone’s camera, and accept the import; or Settings → Connections → New connection',
    fields: [
      text('Name', target.streamName),
      text('URL', url),
      choice('Mode', 'Audio + Video'),
      choice('SRT sender mode', 'Caller'),
      text('latency (msec)', target.latencyMillis),
      ...(target.passphrase ? [text('passphrase', target.passphrase), choice('pbkeylen', String(target.keyLengthBytes))] : []),
      text('streamid', streamId(target)),
    ],
    notes: ['The code opens Larix Broadcaster on iOS and Android, and replaces a connection of the same name.'],
    code: { text: `larix://set/v1?${link}`, says: 'A Larix Grove link: Larix adds the connection, with everything in it.' },
  };
}

// LiveU's guides name a host or address, a port, a latency, and optionally a stream id and a passphrase; where they stand
// differs between LiveU Studio, Solo and the LU units' management.
function liveu(target) {
  return {
    where: 'LiveU Studio: SRT output; LiveU Solo and Central: a new SRT destination of type caller',
    fields: [
      choice('Mode', 'Caller'),
      text('Host name or IP address', target.host),
      text('Port', target.port),
      text('Latency (ms)', target.latencyMillis),
      text('Stream ID', streamId(target)),
      ...(target.passphrase ? [text('Passphrase', target.passphrase), choice('Key length', aes(target))] : []),
    ],
    notes: ['Order and wording differ between models; leave out what yours doesn’t ask for.'],
  };
}

// https://doc.haivision.com/MakitoX4Enc ("Stream Settings", "Configuring SRT Access Control"), MakitoX4Dec ("SRT Stream
// Settings"): 20 to 8000 ms, AES-128 or AES-256; the format Custom takes a whole stream id.
function makito(target) {
  const encrypted = target.passphrase !== '';
  const encryption = target.publish
    ? [choice('Encryption', encrypted ? aes(target) : 'None')]
    : [choice('Encrypted', encrypted ? 'On' : 'Off')];
  return {
    where: target.publish ? 'Makito X and X4 encoder: Streams → Add' : 'Makito X and X4 decoder: Streams → Add',
    fields: [
      choice('Protocol', 'TS over SRT'),
      choice('Mode', 'Caller'),
      text('Address', target.host),
      choice('Source Port', 'Auto-Assign'),
      text('Destination Port', target.port),
      text('Latency', target.latencyMillis),
      ...encryption,
      ...(encrypted ? [text('Passphrase', target.passphrase)] : []),
      choice('SRT Access Control', 'On'),
      choice('Format', 'Custom'),
      text('Stream Publishing ID', streamId(target)),
    ],
    notes: target.publish ? ['Standard Keys in place of Custom would leave out m=publish, and the relay would take it for a viewer.'] : [],
    problems: [
      target.latencyMillis < 20 || target.latencyMillis > 8000 ? 'Makito takes a latency from 20 to 8000 ms.' : null,
      target.publish && encrypted && target.keyLengthBytes === 24 ? 'Makito has AES-128 and AES-256 only: choose another key length.' : null,
    ],
  };
}

// Haivision's KB encoder (Kulabyte) and Play Pro: what both ask for.
function haivision(target) {
  return {
    where: target.publish ? 'KB encoder: Outputs → Add, protocol SRT' : 'Play Pro: Add → SRT stream',
    fields: [
      choice('Mode', 'Caller'),
      text('Address', target.host),
      text('Port', target.port),
      text('Latency', target.latencyMillis),
      ...(target.passphrase ? [choice('Encryption', aes(target)), text('Passphrase', target.passphrase)] : []),
      text('Stream ID', streamId(target)),
    ],
    notes: ['Order and wording differ between versions; the latency is in milliseconds.'],
  };
}

function other(target) {
  return {
    where: 'Any encoder or player that speaks SRT, as caller',
    fields: [
      text('URL', standardUrl(target)),
      choice('Mode', 'Caller'),
      text('Host', target.host),
      text('Port (UDP)', target.port),
      text('Stream ID', streamId(target)),
      text('Latency (ms)', target.latencyMillis),
      ...(target.passphrase ? [text('Passphrase', target.passphrase), choice('Key length', `${aes(target)}, ${target.keyLengthBytes} bytes`)] : []),
      choice('Payload', 'MPEG-TS, 1316 bytes a packet'),
    ],
    notes: [
      'The URL is percent-encoded and its latency in milliseconds, as in libsrt’s tools. Programs built on FFmpeg want microseconds.',
      'Where there is no field for a stream id, ask whoever runs the relay for a listener with a default stream.',
    ],
  };
}

function micros({ latencyMillis }) {
  return latencyMillis * 1000;
}

function aes({ keyLengthBytes }) {
  return `AES-${keyLengthBytes * 8}`;
}

/** av_find_info_tag ends a value at & and reads + as a space, and a passphrase is decoded by nobody. */
function isUnwritable(passphrase) {
  return /[&+]/.test(passphrase);
}

function unwritable({ passphrase }, program) {
  return isUnwritable(passphrase) ? [`${program} can’t be given a passphrase with & or +: use another passphrase.`] : [];
}

/** In the order in which they are offered; publish and watch say what a program can do. */
export const PROGRAMS = [
  { id: 'obs', name: 'OBS Studio', publish: true, watch: true, make: obs },
  { id: 'vmix', name: 'vMix', publish: true, watch: true, make: vmix },
  { id: 'larix', name: 'Larix Broadcaster', publish: true, watch: false, make: larix },
  { id: 'liveu', name: 'LiveU', publish: true, watch: false, make: liveu },
  { id: 'makito', name: 'Haivision Makito', publish: true, watch: true, make: makito },
  { id: 'haivision', name: 'Haivision KB, Play', publish: true, watch: true, make: haivision },
  { id: 'ffmpeg', name: 'FFmpeg', publish: true, watch: true, make: ffmpeg },
  { id: 'srt-live-transmit', name: 'srt-live-transmit', publish: true, watch: true, make: srtLiveTransmit },
  { id: 'gstreamer', name: 'GStreamer', publish: true, watch: true, make: gstreamer },
  { id: 'vlc', name: 'VLC', publish: false, watch: true, make: vlc },
  { id: 'other', name: 'Other: the bare facts', publish: true, watch: true, make: other },
];

/** Those that can publish, or watch. */
export function programsFor(publish) {
  return PROGRAMS.filter((program) => (publish ? program.publish : program.watch));
}

/**
 * The card of a program.
 *
 * @param {string} id of the program
 * @param {import('./srt-address.js').Target} target
 * @returns {Card}
 */
export function card(id, target) {
  const made = PROGRAMS.find((program) => program.id === id).make(target);
  return {
    code: { text: standardUrl(target), says: URL_SAYS },
    ...made,
    problems: [...faults(target), ...(made.problems ?? []).filter(Boolean)],
  };
}

/** A card as one text, to be pasted into a message. */
export function asText(name, { where, fields }) {
  const lines = fields.map((field) => (field.kind === 'command' ? `${field.name}:\n  ${field.value}` : `${field.name}: ${field.value}`));
  return [`${name} – ${where}`, ...lines].join('\n');
}
