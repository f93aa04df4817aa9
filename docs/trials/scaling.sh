#!/usr/bin/env bash
# Measures on this machine what docs/scaling.md predicts: rounds between 2, 3 and 4 ranks, and steps of a small and a larger
# recipe on 1, 2, 3 and 4 ranks of one thread each. Constants are taken from 1 and 2 ranks alone; the table says predicted,
# measured, and how many times the one is the other.
#
#   docs/trials/scaling.sh DATA OUT [MOST]
#
#   DATA   a prepared data set of 10 classes, about 1,000 images to train on:
#          ./submit.sh prepare cifar10.tar --per-class 100 --out DATA
#   OUT    a folder that does not exist yet: averaging-N.json, runs, logs, compared.txt
#   MOST   the most ranks, 2 to 4; 4 if left out
#
# About six minutes on two processors, for which the machine must do nothing else; TINY=1 takes two, to see that it works.
set -euo pipefail

(($# >= 2 && $# <= 3)) || { sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
data=$(realpath -- "$1")
out=$2
most=${3:-4}
[[ $most == [234] ]] || { echo "Cannot measure up to $most ranks: say 2, 3 or 4" >&2; exit 2; }
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
processors=$(nproc)
((processors >= 2)) || { echo "Cannot take constants on $processors processor: two ranks need one each" >&2; exit 2; }
mkdir -p -- "$out"
out=$(realpath -- "$out")

tiny=${TINY:-}
parameters=25557032 rounds=60 small_epochs=5 large_epochs=3
[[ -z $tiny ]] || parameters=100000 rounds=10 small_epochs=2 large_epochs=1

say() { echo "$SECONDS s: $1"; }

# measured NAME COMMAND...: its output goes to a log, which is shown where it fails.
measured() {
  local log=$out/$1.log
  shift
  "$@" >"$log" 2>&1 || { tail -n 5 "$log" >&2; echo "Cannot measure: see $log" >&2; exit 1; }
}

# train NAME RANKS RECIPE [ARGUMENT]...
train() {
  local name=$1 ranks=$2 recipe=$3
  shift 3
  say "$name on $ranks ranks"
  measured "$name-$ranks" "$root/submit.sh" --conf "spark.executor.instances=$ranks" --conf spark.executor.cores=1 \
    --conf spark.dropblock.progress.interval=10ms train "$recipe" --data "$data" --run "$out/$name-$ranks" \
    --set "train.world=$ranks" --set train.slots=12 --set train.evaluate_every=99 --set train.checkpoint_every=0 "$@"
  runs+=("$out/$name-$ranks")
}

files=() runs=()
echo "load average before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
for ((ranks = 2; ranks <= most; ranks++)); do
  say "rounds between $ranks ranks"
  measured "averaging-$ranks" "$root/submit.sh" bench averaging --quick --rounds "$rounds" --parameters "$parameters" \
    --world "$ranks" --json "$out/averaging-$ranks.json"
  files+=("$out/averaging-$ranks.json")
done
for ((ranks = 1; ranks <= most; ranks++)); do
  train small "$ranks" cifar10-resnet20 --set train.local_batch=4 --set "train.epochs=$small_epochs" \
    --set train.learning_rate=0.01
done
# ResNet-50 on small images: 94 MB to sum, and little to compute
[[ -n $tiny ]] || for ((ranks = 1; ranks <= most; ranks++)); do
  train large "$ranks" imagenet-resnet50 --set train.local_batch=4 --set "train.epochs=$large_epochs" \
    --set train.learning_rate=0.01 --set data.classes=10 --set data.size=32
done
say "done"

joined() { local IFS=,; echo "$*"; }
"$root/submit.sh" scaling compare --processors "$processors" --rounds "$(joined "${files[@]}")" --run "$(joined "${runs[@]}")" \
  | tee "$out/compared.txt"
