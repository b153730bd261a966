// How the programs that people use are set up to publish to this relay or to watch from it: each field by the name that
// the program gives it, in the program's order, with the escaping that it wants. Texts only, no elements: easy to test.

import { base, faults, rawUrl, shellWord, standardUrl, streamId } from './srt-address.js';

/**
 * A card: what to type where.
 *
 * @typedef {object} Card
 * @property {string} where the place in the program's menus, or what to do
 * @property {Field[]} fields
 * @property {string[]} notes
 * @property {string[]} problems what must be changed before it can work
 * @property {{text: string, says: string, opens?: string}} code what its QR code holds, what that is good for, and the
 *   name of a link to it, where it opens the program on this device
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

const URL_SAYS = 'The srt:// URL with everything in it, the latency in milliseconds, for who would rather scan.';

// https://obsproject.com/kb/srt-protocol-streaming-guide and OBS's plugins/obs-ffmpeg/obs-ffmpeg-srt.h: all in the URL,
// the latency in microseconds, nothing decoded. Newer versions take the stream key for the id where the URL has none;
// the URL works in all of them.
function obs(target) {
  const url = rawUrl(target, micros(target));
  return {
    where: target.publish ? 'Settings → Stream' : 'Sources → + → Media Source',
    fields: target.publish
      ? [choice('Service', 'Custom…'), text('Server', url), choice('Stream Key', 'leave it empty')]
      : [choice('Local File', 'off'), text('Input', url), text('Input Format', 'mpegts')],
    notes: ['The latency in this URL is in microseconds, as OBS takes it.'],
    problems: isUnwritable(target.passphrase)
      ? ['OBS can’t be given a passphrase with & or +: use another passphrase.']
      : [],
  };
}

// https://ffmpeg.org/ffmpeg-protocols.html#srt and libavformat/libsrt.c: the latency in microseconds, payloads of seven
// TS packets. A passphrase that the URL can't carry is given as an option; a stream id never needs that, see rawUrl.
function ffmpeg(target) {
  const asOption = isUnwritable(target.passphrase);
  const option = asOption ? `-passphrase ${shellWord(target.passphrase)} ` : '';
  const url = (rest) => shellWord(rawUrl(target, micros(target), asOption ? '' : target.passphrase, rest));
  const notes = [
    'Quoted for a POSIX shell (Linux, macOS). In Windows’ cmd.exe put double quotes in place of the single ones.',
  ];
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

// docs/apps/srt-live-transmit.md of libsrt: milliseconds; -chunk:1316, since its default of 1456 bytes is no whole
// number of TS packets. 1.5.1 decodes nothing (tried), others may: what they would read differently is refused.
function srtLiveTransmit(target) {
  const url = shellWord(rawUrl(target, target.latencyMillis));
  const problems = /&|%[0-9a-f]{2}/i.test(target.passphrase)
    ? ['srt-live-transmit can’t be given a passphrase with & or with a % and two digits: use another passphrase.']
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

// gst-inspect-1.0 srtsink: milliseconds. set-timestamps paces a file by its PCR, alignment=7 is 1316 bytes a payload.
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
        command('Play', `gst-launch-1.0 srtsrc ${properties} ! decodebin name=d d. ! queue ! videoconvert`
          + ' ! autovideosink d. ! queue ! audioconvert ! audioresample ! autoaudiosink'),
        command('Record', `gst-launch-1.0 srtsrc ${properties} ! filesink location=recording.ts`),
      ],
      notes,
    };
}

/** gst-launch's own quoting: a value in double quotes, where a backslash escapes these two. */
function gstString(value) {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

// vlc -p access_srt --advanced: milliseconds.
function vlc(target) {
  const options = [
    `--streamid ${shellWord(streamId(target))}`,
    `--latency ${target.latencyMillis}`,
    ...(target.passphrase
      ? [`--passphrase ${shellWord(target.passphrase)}`, `--key-length ${target.keyLengthBytes}`]
      : []),
  ].join(' ');
  return {
    where: 'In a shell',
    fields: [command('Play', `vlc ${options} ${shellWord(base(target))}`)],
    notes: [
      'VLC 3 takes the stream id from its options only, not from the URL.',
      'Without a shell: Tools → Preferences, Show settings: All, Input / Codecs → Access modules → SRT; then Media → '
        + `Open Network Stream, ${base(target)}.`,
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
    ...encryption(target, 'Passphrase', 'Key Length'),
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

// https://softvelum.com/larix/grove/ and the iOS app's DeepLink.swift: values are percent-decoded, + is no space; c is
// caller, srtlatency is in milliseconds, srtpbkl 16, 24 or 32; overwrite replaces a connection of the same name. The
// mode is left out: audio and video are the default, and the platforms write it differently.
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
    where: 'Scan the code with the phone’s camera and accept the import, or: Settings → Connections → New connection',
    fields: [
      text('Name', target.streamName),
      text('URL', url),
      choice('Mode', 'Audio + Video'),
      choice('SRT sender mode', 'Caller'),
      text('latency (msec)', target.latencyMillis),
      ...encryption(target, 'passphrase', 'pbkeylen'),
      text('streamid', streamId(target)),
    ],
    notes: ['The code opens Larix Broadcaster on iOS and Android, and replaces a connection of the same name.'],
    code: {
      text: `larix://set/v1?${link}`,
      says: 'A Larix Grove link: the app adds the connection with all of it.',
      opens: 'Open in Larix',
    },
  };
}

// LiveU's guides are not public; what is known of them names these fields, and their order differs between Studio, Solo
// and the management of the LU units.
function liveu(target) {
  return {
    where: 'LiveU Studio: SRT output. LiveU Solo and Central: a new SRT destination',
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

// https://doc.haivision.com/MakitoX4Enc/1.8/stream-settings and "Configuring SRT Access Control" there, and
// https://doc.haivision.com/MakitoX4Dec/1.5/srt-stream-settings: 20 to 8000 ms, AES-128 or AES-256; Custom takes a
// whole stream id.
function makito(target) {
  const encrypted = target.passphrase !== '';
  return {
    where: `Makito X and X4 ${target.publish ? 'encoder' : 'decoder'}: Streams → Add`,
    fields: [
      choice('Protocol', 'TS over SRT'),
      choice('Mode', 'Caller'),
      text('Address', target.host),
      choice('Source Port', 'Auto-Assign'),
      text('Destination Port', target.port),
      text('Latency', target.latencyMillis),
      target.publish
        ? choice('Encryption', encrypted ? aes(target) : 'None')
        : choice('Encrypted', encrypted ? 'On' : 'Off'),
      ...(encrypted ? [text('Passphrase', target.passphrase)] : []),
      choice('SRT Access Control', 'On'),
      choice('Format', 'Custom'),
      text('Stream Publishing ID', streamId(target)),
    ],
    notes: target.publish
      ? ['Without m=publish in the id the relay takes a caller for a viewer: Standard Keys may leave it out.']
      : [],
    problems: [
      (target.latencyMillis < 20 || target.latencyMillis > 8000) && 'Makito takes a latency from 20 to 8000 ms.',
      target.publish && encrypted && target.keyLengthBytes === 24
        && 'Makito has AES-128 and AES-256 only: choose another key length.',
    ].filter(Boolean),
  };
}

// Haivision's KB encoder and Play Pro ask for the same; the names are the Makito's. (A link to play.haivision.com would
// open the app, but would show the secrets to that site where the app isn't installed.)
function haivision(target) {
  return {
    where: target.publish ? 'KB encoder: a new output, TS over SRT' : 'Play Pro: a new SRT stream',
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
      ...(target.passphrase ? [text('Passphrase', target.passphrase), choice('Key length', aes(target))] : []),
      choice('Payload', 'MPEG-TS, 1316 bytes a packet'),
    ],
    notes: [
      'The URL is percent-encoded and its latency in milliseconds, as in libsrt’s tools. Programs built on FFmpeg want'
        + ' microseconds.',
      'Where there is no field for a stream id, ask whoever runs the relay for a listener with a default stream.',
    ],
  };
}

/** The fields of those that take a key length in bytes. */
function encryption({ passphrase, keyLengthBytes }, passphraseName, keyLengthName) {
  return passphrase ? [text(passphraseName, passphrase), choice(keyLengthName, String(keyLengthBytes))] : [];
}

function micros({ latencyMillis }) {
  return latencyMillis * 1000;
}

function aes({ keyLengthBytes }) {
  return `AES-${keyLengthBytes * 8}`;
}

/** FFmpeg's av_find_info_tag ends a value at & and reads + as a space, and decodes nothing. */
function isUnwritable(passphrase) {
  return /[&+]/.test(passphrase);
}

/** In the order in which they are offered; publish and watch say what a program can do. */
export const PROGRAMS = [
  { id: 'obs', name: 'OBS Studio', publish: true, watch: true, make: obs },
  { id: 'vmix', name: 'vMix', publish: true, watch: true, make: vmix },
  { id: 'larix', name: 'Larix Broadcaster', publish: true, watch: false, make: larix },
  { id: 'liveu', name: 'LiveU', publish: true, watch: false, make: liveu },
  { id: 'makito', name: 'Haivision Makito', publish: true, watch: true, make: makito },
  { id: 'haivision-kb', name: 'Haivision KB', publish: true, watch: false, make: haivision },
  { id: 'haivision-play', name: 'Haivision Play', publish: false, watch: true, make: haivision },
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
    problems: [...faults(target), ...(made.problems ?? [])],
  };
}

/** A card as one text, to be pasted into a message. */
export function asText(name, { where, fields }) {
  const lines = fields.map(({ name: field, value, kind }) => `${field}:${kind === 'command' ? '\n  ' : ' '}${value}`);
  return [`${name} – ${where}`, ...lines].join('\n');
}
