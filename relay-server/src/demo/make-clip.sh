#!/usr/bin/env bash
# Makes the demo clip: an MPEG transport stream of constant bit rate that DemoClip repeats without a break.
# Needs ffmpeg with libx264 and drawtext, and the DejaVu fonts (Debian: ffmpeg, fonts-dejavu-core).
#
# usage: make-clip.sh [OUTPUT]          default: the resource of relay-server
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/../main/resources/io/millrace/relay/demo/clip.ts}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One repetition is 10.24 s: 256 pictures at 25/s, 8 closed groups of 32 pictures, 480 AAC frames of 1024 samples at
# 48 kHz and 16 notes. 4320 TS packets make it 634.5 kbit/s, exactly 64000 ticks of the 27 MHz clock for each packet.
seconds=10.24
pictures=256
group=32
audio_frames=480
ts_packets=4320
mux_rate=634500
note_seconds=0.64

# How long before its decoding time a frame is sent. Long enough for the largest group of pictures to get through.
mux_delay=0.3

ff() { ffmpeg -hide_banner -loglevel error -nostdin -y "$@"; }

# --- Sound: plucked notes, the right channel half a note behind the left. -----------------------------------
notes=(220.00 329.63 440.00 554.37 659.26 554.37 440.00 329.63 246.94 369.99 493.88 587.33 659.26 493.88 415.30 329.63)

# The sound of one channel that is $1 seconds late, as a function of the time t, periodic in one repetition.
channel() {
  local clock="mod(t-$1+$seconds,$seconds)" age="mod(t-$1+$seconds,$note_seconds)" frequency=0 i
  for i in "${!notes[@]}"; do
    frequency+="+${notes[i]}*eq(floor($clock/$note_seconds),$i)"
  done
  echo "0.12*min(1,200*$age)*exp(-4*$age)*(1-$age/$note_seconds)*sin(2*PI*$age*($frequency))"
}

# An AAC frame needs the one before it. Three repetitions are encoded and the middle one is kept, so that the frame
# before the first is the last. The encoder's first frame is priming: the second repetition starts at frame 481.
ff -f lavfi -i "aevalsrc='$(channel 0)|$(channel 0.32)':channel_layout=stereo:sample_rate=48000:duration=31" \
  -c:a aac -profile:a aac_low -b:a 64k -bitexact -f adts "$work/three.aac"
ff -i "$work/three.aac" -c copy -bsf:a "noise=drop='lt(n,$audio_frames+1)'" -frames:a $audio_frames \
  -f adts "$work/sound.aac"

# --- Picture: a mill wheel over running water, both where they began after one repetition; a lamp for each note. ------
radius='hypot(X-100,Y-100)'
angle='atan2(Y-100,X-100)'
rim="between($radius,66,78)"
spokes="lt($radius,70)*lt(abs(sin(4*$angle))*$radius,16)"
paddles="between($radius,76,98)*lt(abs(sin(8*$angle))*$radius,24)"
wheel="color=c=0xC98B4A:s=200x200:r=25:d=0.04,format=yuva420p"
wheel+=",geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='255*gt($rim+$spokes+$paddles,0)'"
wheel+=",loop=loop=-1:size=1,trim=end_frame=$pictures,rotate=a='1.5*2*PI*t/$seconds':c=none"

water="color=c=0x2F6F9F:s=800x90:r=25:d=0.04,format=yuva420p"
water+=",geq=lum='lum(X,Y)-Y/2':cb='cb(X,Y)':cr='cr(X,Y)':a='230*gt(Y,8+7*sin(2*PI*X/160))'"
water+=",loop=loop=-1:size=1,trim=end_frame=$pictures"

text="fontcolor=white:font=DejaVu Sans"
mono="fontcolor=0xC8D8E4:font=DejaVu Sans Mono"
ff -f lavfi -i "color=c=0x14222E:s=640x360:r=25:d=$seconds" \
  -f lavfi -i "$wheel" \
  -f lavfi -i "$water" \
  -f lavfi -i "pal75bars=s=300x24:r=25:d=$seconds" \
  -i "$work/sound.aac" \
  -filter_complex "
    [0][1]overlay=x=45:y=90[milled];
    [milled][2]overlay=x='-mod(125*t,160)':y=270[watered];
    [watered][3]overlay=x=290:y=220,
    drawtext=text='Millrace demo':x=290:y=52:fontsize=42:$text,
    drawtext=text='%{eif\:t\:d\:2}.%{eif\:mod(n*4,100)\:d\:2} s':x=290:y=116:fontsize=40:$mono,
    drawtext=text='picture %{eif\:n+1\:d\:3} of $pictures':x=290:y=172:fontsize=22:$mono,
    drawbox=x=596:y=24:w=20:h=20:color=0xFFC040:t=fill:enable='lt(mod(t,$note_seconds),0.1)',
    format=yuv420p[picture]" \
  -map '[picture]' -map 4:a \
  -c:v libx264 -profile:v high -preset veryslow -bf 0 -g $group -keyint_min $group -sc_threshold 0 \
  -b:v 450k -maxrate 470k -bufsize 130k -threads:v 1 -x264-params aud=1 -c:a copy -bitexact \
  -f mpegts -muxrate $mux_rate -muxdelay $mux_delay -muxpreload 0 -pes_payload_size 640 \
  -metadata service_name="Millrace demo" -metadata service_provider=Millrace "$work/clip.ts"

# --- Null packets up to the end of the repetition. -------------------------------------------------------------------
missing=$((ts_packets - $(stat -c %s "$work/clip.ts") / 188))
if ((missing < 0)); then
  echo "the clip has $((-missing)) packets more than one repetition may take: lower the bit rate of the picture" >&2
  exit 1
fi
null_packet=$(printf '\\x47\\x1f\\xff\\x10'; printf '\\xff%.0s' {1..184})
for ((i = 0; i < missing; i++)); do
  printf '%b' "$null_packet"
done >>"$work/clip.ts"

mkdir -p "$(dirname "$output")"
mv "$work/clip.ts" "$output"
echo "$output: $ts_packets packets, the last $missing of them added"
