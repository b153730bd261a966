#!/usr/bin/env bash
# Measures the packaged relay on this machine: see usage below. A benchmark and no test: it wants a quiet machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
    cat <<'TEXT'
usage: relay-server/bench/run.sh [OPTION]... [-- GENERATOR OPTION...]

Starts the relay on loopback, pinned to one processor, and "millrace bench" on another: 200 subscribers of one stream
of 8 Mbit/s for 60 seconds. Prints a table, or after "-- --json" a line of JSON. Ends with 0 only if every payload
arrived at every subscriber exactly once.

  --relay-cpus LIST      processors of the relay, as for taskset (default: 0)
  --load-cpus LIST       processors of the generator (default: 1, or 0 where there is only one)
  --relay-java OPTIONS   more options for the relay's JVM, such as "-XX:StartFlightRecording=filename=relay.jfr"
  --relay OPTIONS        more options for the relay, such as "--set srt.latencyMillis=200"
  --build                build first, even if there is a jar
  --load-help            print the generator's options, and end
  -h, --help             print this text, and end

What follows "--" goes to the generator, for instance: -- --subscribers 50 --burst 40 --seconds 10
JAVA_HOME, if set, says which Java runs both.
TEXT
}

processors=$(nproc)
relay_cpus=0
load_cpus=$((processors > 1 ? 1 : 0))
relay_java=""
relay_options=()
build=false
load_help=false
while [ $# -gt 0 ]; do
    case $1 in
        --relay-cpus) relay_cpus=$2; shift 2 ;;
        --load-cpus) load_cpus=$2; shift 2 ;;
        --relay-java) relay_java=$2; shift 2 ;;
        --relay) read -ra relay_options <<<"$2"; shift 2 ;;
        --build) build=true; shift ;;
        --load-help) load_help=true; shift ;;
        -h | --help) usage; exit 0 ;;
        --) shift; break ;;
        *) echo "run.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=relay-server/target/millrace.jar
if $build || [ ! -f $jar ]; then
    mvn -q -ntp -pl relay-server -am -DskipTests package
fi
generator=("$java" -Xms1g -Xmx1g -XX:+UseSerialGC -jar $jar bench)
if $load_help; then
    exec "${generator[@]}" --help
fi

work=$(mktemp -d)
relay_pid=""
finish() {
    [ -z "$relay_pid" ] || { kill "$relay_pid" && wait "$relay_pid" || true; } 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

# Port 0 takes free ones; the start table says which.
JDK_JAVA_OPTIONS="-Xlog:gc:file=$work/gc.log:timemillis:filecount=0 $relay_java" MILLRACE_JAR=$jar \
    taskset -c "$relay_cpus" relay-server/bin/millrace --listen 127.0.0.1:0 --http 127.0.0.1:0 ${relay_options[@]+"${relay_options[@]}"} >"$work/relay.log" 2>&1 &
relay_pid=$!
port=""
for _ in {1..300}; do
    port=$(grep -oE 'srt://127\.0\.0\.1:[0-9]+' "$work/relay.log" | head -n 1 | grep -oE '[0-9]+$' || true)
    if [ -n "$port" ] || ! kill -0 "$relay_pid" 2>/dev/null; then
        break
    fi
    sleep 0.1
done
if [ -z "$port" ]; then
    cat "$work/relay.log" >&2
    echo "run.sh: the relay did not start" >&2
    exit 1
fi

status=0
taskset -c "$load_cpus" "${generator[@]}" --server "srt://127.0.0.1:$port" --server-pid "$relay_pid" --gc-log "$work/gc.log" "$@" || status=$?
if [ $status -ne 0 ]; then
    echo "The end of the relay's log:" >&2
    tail -n 5 "$work/relay.log" >&2
fi
exit $status
