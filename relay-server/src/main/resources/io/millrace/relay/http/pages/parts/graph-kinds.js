// Which graphs there are of a stream and of a subscriber's connection.

import { bitRate, count, millis } from '../format.js';

const BITS = { label: shortBits, least: 1000 };
const MILLIS = { label: (value) => `${round(value)} ms`, least: 1 };
const PACKETS = { label: (value) => count(value), least: 5, whole: true };

/** @param latency gives the latency of the publisher's connection in milliseconds, or null */
export function streamGraphs(latency) {
  return [
    {
      id: 'in', title: 'Bit rate in', axis: BITS,
      series: rateSeries('inBitsPerSecond', 'inRetransmittedBitsPerSecond'),
    },
    {
      id: 'out', title: 'Bit rate out', axis: BITS,
      series: rateSeries('outBitsPerSecond', 'outRetransmittedBitsPerSecond'),
    },
    {
      id: 'rtt', title: 'RTT to the publisher', axis: MILLIS, series: [
        { name: 'mean', quantity: 'rttMeanMillis', colour: 'accent', format: millis },
        { name: 'maximum', quantity: 'rttMaxMillis', colour: 'muted', dashed: true, format: millis },
      ],
    },
    {
      id: 'loss', title: 'Packets lost on the way in', axis: PACKETS, series: [
        { name: 'before recovery', quantity: 'lostPackets', colour: 'warn', filled: true, format: count },
        { name: 'for good', quantity: 'droppedPackets', colour: 'bad', filled: true, format: count },
      ],
    },
    {
      id: 'buffer', title: 'Receive buffer', axis: MILLIS, series: [
        { name: 'held at most', quantity: 'bufferMillis', colour: 'accent', filled: true, format: millis },
        { name: 'latency now', level: latency, colour: 'muted', dashed: true, format: millis },
      ],
    },
    {
      id: 'subscribers', title: 'Subscribers', axis: PACKETS, series: [
        { name: 'at most', quantity: 'subscribers', colour: 'accent', format: count },
      ],
    },
  ];
}

function rateSeries(all, retransmitted) {
  return [
    { name: 'all', quantity: all, colour: 'accent', format: bitRate },
    { name: 'of it sent again', quantity: retransmitted, colour: 'warn', filled: true, format: bitRate },
  ];
}

/** @param latencyMillis of the connection */
export function subscriberGraphs(latencyMillis) {
  return [
    { id: 'rate', title: 'Bit rate', axis: BITS, series: [
      { name: 'all', quantity: 'bitsPerSecond', colour: 'accent', format: bitRate },
    ] },
    { id: 'rtt', title: 'RTT', axis: MILLIS, series: [
      { name: 'mean', quantity: 'rttMeanMillis', colour: 'accent', format: millis },
      { name: 'maximum', quantity: 'rttMaxMillis', colour: 'muted', dashed: true, format: millis },
    ] },
    { id: 'loss', title: 'Packets', axis: PACKETS, series: [
      { name: 'lost', quantity: 'lostPackets', colour: 'warn', filled: true, format: count },
      { name: 'sent again', quantity: 'retransmittedPackets', colour: 'accent', dashed: true, format: count },
      { name: 'lost for good', quantity: 'droppedPackets', colour: 'bad', filled: true, format: count },
    ] },
    { id: 'buffer', title: 'Send buffer', axis: MILLIS, series: [
      { name: 'unacknowledged at most', quantity: 'sendBufferMillis', colour: 'accent', filled: true, format: millis },
      { name: 'latency', level: () => latencyMillis, colour: 'muted', dashed: true, format: millis },
    ] },
  ];
}

/** Of an axis: few digits. */
function shortBits(value) {
  for (const [size, prefix] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (value >= size) {
      return `${round(value / size)} ${prefix}`;
    }
  }
  return String(round(value));
}

function round(value) {
  return Number(value.toFixed(2));
}
