#!/usr/bin/env bash
# How fast `isocost run` is from a CSV file to the report, on one thread: medians of several runs on 1 and 10 million
# requests shaped like a conversation trace, and of leaping against stepping on the smaller file.
#
#   RUNS=3   runs per figure
#   RATE=25  mean requests per second of the traces
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
runs=${RUNS:-3}
rate=${RATE:-25}
small=1000000
large=10000000

swift build --package-path "$root" -c release --product isocost >&2
isocost=$(swift build --package-path "$root" -c release --show-bin-path)/isocost
folder=$(mktemp -d)
# What a run that failed said on standard error is the last thing printed.
trap 'status=$?; [ $status -eq 0 ] || cat "$folder/speed" >&2 2>/dev/null || true; rm -rf "$folder"; exit $status' EXIT

# Runs a command to its end; sets `seconds` and `kilobytes` (peak resident memory).
measure() {
    local start=$EPOCHREALTIME pid high
    kilobytes=0
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f %M -o "$folder/peak" "$@"
        kilobytes=$(tail -n 1 "$folder/peak")
    else
        # The process's high-water mark, read until it is gone.
        "$@" &
        pid=$!
        while high=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$high" ]; do
            kilobytes=$high
            sleep 0.02
        done
        wait "$pid"
    fi
    seconds=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')
}

median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# time_runs NAME REQUESTS STEPPING: sets `NAME_seconds` and `NAME_kilobytes` to medians, `NAME_events` to the count.
time_runs() {
    local all_seconds=() all_kilobytes=()
    for ((run = 1; run <= runs; run++)); do
        measure "$isocost" run "$here/throughput.yaml" --trace "$folder/$2.csv" --out "$folder/reports" \
            --threads 1 --stepping "$3" >/dev/null 2>"$folder/speed"
        all_seconds+=("$seconds")
        all_kilobytes+=("$kilobytes")
        cp "$folder/reports/throughput/summary.csv" "$folder/$1.csv"
        rm -rf "$folder/reports"
    done
    printf -v "$1_seconds" '%s' "$(median "${all_seconds[@]}")"
    printf -v "$1_kilobytes" '%s' "$(median "${all_kilobytes[@]}")"
    printf -v "$1_events" '%s' "$(sed -n 's/.*(\([0-9,]*\) events).*/\1/p' "$folder/speed" | tr -d ,)"
}

row() {
    awk -v name="$1" -v n="$2" -v s="$3" -v k="$4" -v e="$5" 'BEGIN {
        printf "%-28s %12d %10.2f %14.0f %14.0f %10.1f\n", name, n, s, n / s, e / s, k / 1024 }'
}

for requests in "$small" "$large"; do
    "$isocost" trace synthesize --preset azure-conv-2023 --requests "$requests" --rate "$rate" --format azure-llm \
        --out "$folder/$requests.csv" >&2
done

time_runs leaping "$small" leaping
time_runs stepping "$small" single
time_runs large "$large" leaping
cmp "$folder/leaping.csv" "$folder/stepping.csv" || { echo "leaping and stepping disagree" >&2; exit 1; }

printf '%-28s %12s %10s %14s %14s %10s\n' \
    "CSV to report, one thread" requests seconds requests/s events/s "peak MiB"
row "leaping" "$small" "$leaping_seconds" "$leaping_kilobytes" "$leaping_events"
row "leaping" "$large" "$large_seconds" "$large_kilobytes" "$large_events"
row "one step at a time" "$small" "$stepping_seconds" "$stepping_kilobytes" "$stepping_events"
awk -v a="$stepping_seconds" -v b="$leaping_seconds" 'BEGIN { printf "leaping : stepping %17.2f : 1\n", a / b }'
