#!/usr/bin/env bash
# Trains the same recipe twice, once undisturbed and once with processes killed at random moments by kill -9, and compares the
# last checkpoints bit for bit. Every fourth victim, on average, is the driver, which is then started again with --resume; all
# others are executors, which the run must get over by itself. Needs a Linux with bash, ps and sha256sum, and two free cores.
#
#   docs/trials/random-kills.sh DATA OUT [KILLS] [SEED] [-- SUBMIT_ARGUMENT...]
#
#   DATA    a prepared data set of the recipe, which is cifar10-resnet20-dropblock if RECIPE is not set
#   OUT     a folder that does not exist yet
#   KILLS   10 if left out
#   SEED    of the random choices, 1 if left out
#
# Arguments behind -- go to "submit.sh train", as: -- --set train.epochs=4. Another recipe:
#   RECIPE=shapes-detection docs/trials/random-kills.sh DATA OUT 4 1 -- --set train.epochs=3
set -euo pipefail

(($# >= 2)) || { sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
data=$(realpath -- "$1")
out=$2
shift 2
kills=10 seed=1
[[ ${1:---} == -- ]] || { kills=$1; shift; }
[[ ${1:---} == -- ]] || { seed=$1; shift; }
[[ ${1:-} != -- ]] || shift
more=("$@")
RANDOM=$seed
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
mkdir -p -- "$out"
out=$(realpath -- "$out")

# pick N: $picked is a random number below N; the lowest bits of RANDOM repeat soon.
pick() { picked=$(((RANDOM >> 4) % $1)); }

# train RUN ARGUMENT...: begins a training, whose process is $submission.
train() {
  local run=$1
  shift
  # kills come faster than any cluster would fail: four between two checkpoints are no reason to give up
  "$root/submit.sh" --conf spark.dropblock.recovery.attempts=20 train "${RECIPE:-cifar10-resnet20-dropblock}" --data "$data" --run "$out/$run" \
    --set train.checkpoint_every=10 ${more[@]+"${more[@]}"} "$@" >>"$out/$run.log" 2>&1 &
  submission=$!
}

# jvms NAME: the processes below $submission, itself included, that run this class.
jvms() {
  local found=("$submission") i
  for ((i = 0; i < ${#found[@]}; i++)); do
    mapfile -t -O "${#found[@]}" found < <(ps -o pid= --ppid "${found[i]}" | tr -d ' ')
  done
  for i in "${found[@]}"; do
    ! tr '\0' ' ' 2>/dev/null <"/proc/$i/cmdline" | grep -q -- "$1" || echo "$i"
  done
}

checksums() {
  (cd -- "$out/$1/checkpoints/$(ls -- "$out/$1/checkpoints" | grep -v step | tail -n 1)" && pwd && sha256sum ./*.bin)
}

echo "Undisturbed ..."
begin=$SECONDS
train undisturbed
wait "$submission" || { tail -n 5 "$out/undisturbed.log" >&2; exit 1; }
echo "  $((SECONDS - begin)) s"

echo "With $kills kills, seed $seed ..."
begin=$SECONDS
train disturbed
done=0
drivers=0
while ((done < kills)); do
  pick 14
  sleep $((12 + picked))
  kill -0 "$submission" 2>/dev/null || break
  mapfile -t executors < <(jvms CoarseGrainedExecutorBackend)
  pick 4
  if ((picked == 0)); then
    mapfile -t driver < <(jvms org.apache.spark.deploy.SparkSubmit)
    ((${#driver[@]} > 0)) || continue
    kill -9 "${driver[@]}"
    wait "$submission" 2>/dev/null || true
    for executor in ${executors[@]+"${executors[@]}"}; do
      while kill -0 "$executor" 2>/dev/null; do sleep 0.2; done
    done
    echo "  $((SECONDS - begin)) s: killed the driver"
    drivers=$((drivers + 1))
    # a driver that dies before its run folder has a recipe has no run to resume
    [[ -e $out/disturbed/recipe.yaml ]] && resume=(--resume) || resume=()
    train disturbed ${resume[@]+"${resume[@]}"}
  else
    ((${#executors[@]} > 0)) || continue
    pick ${#executors[@]}
    victim=${executors[picked]}
    kill -9 "$victim" 2>/dev/null || continue
    echo "  $((SECONDS - begin)) s: killed an executor"
  fi
  done=$((done + 1))
done
wait "$submission" || { echo "The run gave up:" >&2; tail -n 5 "$out/disturbed.log" >&2; exit 1; }
echo "  $((SECONDS - begin)) s, $done kills, $drivers of them of the driver"

if [[ $(checksums undisturbed | tail -n 2) == "$(checksums disturbed | tail -n 2)" ]]; then
  echo "Bit-equal after $done kills:"
  checksums disturbed
else
  echo "Not equal:" >&2
  { checksums undisturbed; checksums disturbed; } >&2
  exit 1
fi
((done == kills)) || { echo "The run was over before kill $((done + 1)): add -- --set train.epochs=N" >&2; exit 1; }
