#!/usr/bin/env bash
# Trains the same recipe twice on a standalone cluster of this script's own, three workers of one core: once undisturbed, and
# once with something happening at random moments. Compares the last checkpoints bit for bit. What happens, chosen at random:
#
#   an executor is killed (kill -9), hangs (SIGSTOP) or is told to end (SIGTERM); a worker is taken away with its executor for
#   good, or comes back; the driver is killed, or told to end; and behind that the run is resumed as it was, with another
#   number of ranks, or with a store for its checkpoints that takes seconds for each file
#
#   docs/trials/random-kills.sh DATA OUT [EVENTS] [SEED] [-- SUBMIT_ARGUMENT...]
#
#   DATA     a prepared data set of the recipe, which is cifar10-resnet20-dropblock if RECIPE is not set
#   OUT      a folder that does not exist yet
#   EVENTS   20 if left out
#   SEED     of the random choices, 1 if left out
#
# Arguments behind -- go to "submit.sh train", as: -- --set train.epochs=9. Another recipe:
#   RECIPE=shapes-detection docs/trials/random-kills.sh DATA OUT 8 1 -- --set train.epochs=6
# Needs a Linux with bash, ps and sha256sum, two free cores, 8 GiB, and a build with tests (./mvnw -DskipTests package).
set -euo pipefail

(($# >= 2)) || { sed -n '2,19s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
data=$(realpath -- "$1")
out=$2
shift 2
events=20 seed=1
[[ ${1:---} == -- ]] || { events=$1; shift; }
[[ ${1:---} == -- ]] || { seed=$1; shift; }
[[ ${1:-} != -- ]] || shift
more=("$@")
RANDOM=$seed
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
slow_store=$(ls "$root"/spark-jobs/target/spark-jobs-*-tests.jar 2>/dev/null | head -n 1)
[[ -n $slow_store ]] || { echo "Cannot find spark-jobs/target/spark-jobs-*-tests.jar: run ./mvnw -DskipTests package" >&2; exit 2; }
mkdir -p -- "$out/logs"
out=$(realpath -- "$out")
most=3
workers=(0)

# pick N: $picked is a random number below N; the lowest bits of RANDOM repeat soon.
pick() { picked=$(((RANDOM >> 4) % $1)); }

say() { echo "  $((SECONDS - begin)) s: $1"; }

daemon() { # NAME CLASS ARGUMENT...
  local name=$1
  shift
  setsid "$root/.spark-runtime/bin/spark-class" "$@" >"$out/logs/$name.log" 2>&1 </dev/null &
  launched=$!
}

worker() { # NUMBER
  daemon "worker-$1" org.apache.spark.deploy.worker.Worker --host "127.0.0.$1" --cores 1 --memory 1g --webui-port 0 \
    --work-dir "$out/work" "$master"
  workers[$1]=$launched
}

# below PID NAME: the JVMs below a process, itself included, that run this class.
below() {
  local found=("$1") i
  for ((i = 0; i < ${#found[@]}; i++)); do
    mapfile -t -O "${#found[@]}" found < <(ps -o pid= --ppid "${found[i]}" | tr -d ' ')
  done
  for i in "${found[@]}"; do
    ! tr '\0' ' ' 2>/dev/null <"/proc/$i/cmdline" | grep -q -- "$2" || echo "$i"
  done
}

executors() {
  local number
  for ((number = 1; number <= most; number++)); do
    ((workers[number] == 0)) || below "${workers[number]}" CoarseGrainedExecutorBackend
  done
}

# train RUN RANKS ARGUMENT...: begins a training, whose process is $submission.
train() {
  local run=$1 ranks=$2
  shift 2
  # it comes faster than any cluster would fail: four failures between two checkpoints are no reason to give up
  "$root/submit.sh" --cluster standalone --conf "spark.master=$master" --conf "spark.cores.max=$ranks" --conf spark.executor.memory=1g \
    --conf spark.scheduler.minRegisteredResourcesRatio=0 --conf spark.dropblock.recovery.attempts=20 --conf spark.dropblock.ring.silence=5s \
    --conf spark.dropblock.recovery.hostFailures=99 --conf spark.network.timeout=60s --conf spark.executor.heartbeatInterval=5s \
    --conf spark.dropblock.elastic.min=1 --conf spark.dropblock.elastic.wait=8s \
    --conf spark.hadoop.fs.slow.impl=io.dropblock.spark.train.SlowStore --conf spark.hadoop.fs.slow.seconds=2 \
    --conf "spark.driver.extraClassPath=$slow_store" --conf "spark.executor.extraClassPath=$slow_store" \
    train "${RECIPE:-cifar10-resnet20-dropblock}" --data "$data" --run "$run" \
    --set train.slots=4 --set train.local_batch=16 --set train.world=0 --set train.averaging.every=1 --set train.checkpoint_every=10 \
    ${more[@]+"${more[@]}"} "$@" >>"$out/$(basename "$run").log" 2>&1 &
  submission=$!
}

# resume RANKS FOLDER: a driver that dies before its run folder has a recipe has no run to resume.
resume() {
  local resume=()
  [[ ! -e $out/disturbed/recipe.yaml ]] || resume=(--resume)
  train "$2" "$1" ${resume[@]+"${resume[@]}"}
}

driver() { below "$submission" org.apache.spark.deploy.SparkSubmit; }

# end_driver SIGNAL: and waits until its executors are gone, too.
end_driver() {
  local pid
  pid=$(driver)
  [[ -n $pid ]] || return 1
  kill "-$1" $pid
  wait "$submission" 2>/dev/null || true
  while [[ -n $(executors) ]]; do sleep 0.2; done
}

# How often the disturbed run has told of steps.
steps() { grep -c '"event":"steps"' "$out/disturbed/events.jsonl" 2>/dev/null || true; }

checksums() {
  (cd -- "$out/$1/checkpoints/$(ls -- "$out/$1/checkpoints" | grep -v step | tail -n 1)" && pwd && sha256sum ./*.bin)
}

stop() {
  local pid
  for pid in ${submission:-} $(executors) "${workers[@]:1}" ${master_process:-}; do
    ((pid == 0)) || kill -9 "$pid" 2>/dev/null || true
  done
}
trap stop EXIT

"$root/submit.sh" --prepare-runtime
export SPARK_LOCAL_IP=127.0.0.1
port=$((20000 + RANDOM % 10000))
daemon master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0
master_process=$launched
master=spark://127.0.0.1:$port
unset SPARK_LOCAL_IP
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$master_process" || { tail -n 5 "$out/logs/master.log" >&2; exit 1; }
  sleep 0.2
done
for ((number = 1; number <= most; number++)); do worker "$number"; done

begin=$SECONDS
echo "Undisturbed ..."
train "$out/undisturbed" "$most"
wait "$submission" || { tail -n 5 "$out/undisturbed.log" >&2; exit 1; }
echo "  $((SECONDS - begin)) s"

echo "With $events events, seed $seed ..."
begin=$SECONDS
ranks=$most
folder=$out/disturbed
train "$folder" "$ranks"
done=0
while ((done < events)); do
  # three of four among the steps, the others wherever it is
  pick 4
  before=$(steps)
  for ((i = 0; i < 600 && picked > 0; i++)); do
    [[ $(steps) == "$before" ]] && kill -0 "$submission" 2>/dev/null || break
    sleep 0.2
  done
  pick 60
  sleep "$((picked / 10)).$((picked % 10))"
  kill -0 "$submission" 2>/dev/null || break
  mapfile -t victims < <(executors)
  ((${#victims[@]} > 0)) || continue
  pick ${#victims[@]}
  victim=${victims[picked]}
  pick 9
  case $picked in
    0) kill -9 "$victim" && say "killed an executor" ;;
    1) kill -STOP "$victim" && say "an executor hangs" ;;
    2) kill -TERM "$victim" && say "told an executor to end" ;;
    3)
      number=0
      for ((i = 1; i <= most; i++)); do ((workers[i] == 0)) || number=$i; done
      others=$(printf '%s\n' "${workers[@]:1}" | grep -vc '^0$')
      ((others > 1)) || continue
      gone=$(below "${workers[number]}" CoarseGrainedExecutorBackend)
      kill -9 "${workers[number]}" $gone && say "took worker $number away for good"
      workers[$number]=0
      ;;
    4)
      number=0
      for ((i = 1; i <= most; i++)); do ((workers[i] != 0)) || number=$i; done
      ((number > 0)) || continue
      worker "$number"
      say "worker $number is back"
      ;;
    5) end_driver 9 && say "killed the driver" && resume "$ranks" "$folder" ;;
    6) end_driver TERM && say "told the driver to end" && resume "$ranks" "$folder" ;;
    7)
      pick "$most"
      ranks=$((picked + 1))
      end_driver TERM && say "told the driver to end, and resumed with at most $ranks ranks" && resume "$ranks" "$folder"
      ;;
    8)
      [[ $folder == slow:* ]] && folder=$out/disturbed || folder=slow:$out/disturbed
      end_driver TERM && say "told the driver to end, and resumed in $folder" && resume "$ranks" "$folder"
      ;;
  esac || continue
  done=$((done + 1))
done
wait "$submission" || { echo "The run gave up:" >&2; tail -n 5 "$out/disturbed.log" >&2; exit 1; }
echo "  $((SECONDS - begin)) s, $done events"

if [[ $(checksums undisturbed | tail -n 2) == "$(checksums disturbed | tail -n 2)" ]]; then
  echo "Bit-equal after $done events:"
  checksums disturbed
else
  echo "Not equal:" >&2
  { checksums undisturbed; checksums disturbed; } >&2
  exit 1
fi
((done == events)) || { echo "The run was over before event $((done + 1)): add -- --set train.epochs=N" >&2; exit 1; }
