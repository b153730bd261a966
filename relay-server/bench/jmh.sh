#!/usr/bin/env bash
# Measures the steps that every packet takes, each by itself: see usage below. A benchmark and no test: it wants a quiet
# machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
    cat <<'TEXT'
usage: relay-server/bench/jmh.sh [JMH OPTION]... [REGEX]...

Compiles what is needed and runs the JMH benchmarks whose names match, or all of them, which takes about seven minutes.
Prints the time (ns/op) and the garbage (B/op) of an operation: a packet, an ACK, or a packet for one subscriber.

  jmh.sh                                       everything
  jmh.sh FanOut Ack                            some of it
  jmh.sh FanOut -p encryption=GCM_128 -f 5     one parameter, five forks
  jmh.sh -rf json -rff result.json             everything, with a JSON file of the results
  jmh.sh -l                                    names what there is

  --jmh-help     print JMH's own options, and end
  -h, --help     print this text, and end

JAVA_HOME, if set, says which Java runs them.
TEXT
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
    --jmh-help) shift; set -- -h ;;
esac

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
target=relay-server/target
mvn -q -ntp -pl relay-server -am -Pjmh -DskipTests process-test-classes

# The flags of a newer JDK are ignored by an older one. JMH hands them on to the JVMs that measure.
exec "$java" -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$target/test-classes:$target/classes:$(cat $target/jmh.classpath)" io.millrace.relay.jmh.JmhCommand "$@"
