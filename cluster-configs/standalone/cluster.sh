#!/usr/bin/env bash
# A Spark master and its workers on this machine, each in a JVM of its own, on 127.0.0.1 only: to try what a real cluster
# does (jars that travel, executors that outlive nothing, a master's UI) where there is only one machine.
set -euo pipefail

unset CDPATH
script=${BASH_SOURCE[0]}
while [[ -L $script ]]; do
  target=$(readlink -- "$script")
  [[ $target == /* ]] || target=$(dirname -- "$script")/$target
  script=$target
done
here=$(cd -- "$(dirname -- "$script")" && pwd)
root=$(cd -- "$here/../.." && pwd)
state=$root/.spark-runtime/standalone
host=127.0.0.1

usage() {
  cat <<'HELP'
Usage: cluster-configs/standalone/cluster.sh start [--workers N] [--cores N] [--memory SIZE] [--gpus N]
                                                  [--port N] [--ui-port N]
       cluster-configs/standalone/cluster.sh stop | status

  --workers  worker JVMs (2)            --cores   cores a worker offers (1)     --memory   heap a worker offers (3g)
  --gpus     GPUs a worker offers (0): the first worker GPUs 0 to N-1 of this machine, the second the next N, and so on
  --port     port of the master (7077)  --ui-port port of the master's UI (8080)

Then: ./submit.sh --cluster standalone COMMAND
status exits with 0 if all run, 1 if some have ended, 3 if none runs.
Logs and process ids: .spark-runtime/standalone. Spark is the one in SPARK_HOME, else .spark-runtime.
HELP
}

fail() {
  echo "$1" >&2
  exit "${2:-1}"
}

# alive NAME: the process of that name runs, and is ours (a number is given to another process some day).
alive() {
  local pid
  [[ -f $state/$1.pid ]] || return 1
  pid=$(<"$state/$1.pid")
  kill -0 "$pid" 2>/dev/null || return 1
  [[ ! -r /proc/$pid/cmdline ]] || tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'org.apache.spark.deploy\|cluster.sh start'
}

names() { [[ ! -d $state ]] || (cd "$state" && ls | sed -n 's/\.pid$//p'); }

listens() { (: <"/dev/tcp/$host/$1") 2>/dev/null; }

# The master's own account of itself, as JSON.
master_state() {
  local line
  exec 3<>"/dev/tcp/$host/$1" || return 1
  printf 'GET /json/ HTTP/1.0\r\n\r\n' >&3
  while IFS= read -r line; do printf '%s\n' "$line"; done <&3
  exec 3>&-
} 2>/dev/null

alive_workers() { master_state "$1" | sed -n 's/.*"aliveworkers" *: *\([0-9]*\).*/\1/p'; }

# launch NAME CLASS ARGUMENT...
launch() {
  local name=$1
  shift
  (
    cd "$state"
    # A session of its own: Ctrl-C in the terminal is not for the cluster.
    exec setsid "$spark_home/bin/spark-class" "$@" >"$state/$name.log" 2>&1 </dev/null
  ) &
  echo $! >"$state/$name.pid"
}

# offer_gpus NAME FIRST COUNT: a file that tells a worker which GPUs are its own, as Spark reads it.
offer_gpus() {
  local gpu addresses=
  for ((gpu = $2; gpu < $2 + $3; gpu++)); do addresses+="${addresses:+, }\"$gpu\""; done
  printf '[{"id": {"componentName": "spark.worker", "resourceName": "gpu"}, "addresses": [%s]}]\n' "$addresses" \
    >"$state/$1.gpus.json"
}

last_words() { grep -v '^[[:space:]]*at \|^Spark Command\|^=*$' "$state/$1.log" 2>/dev/null | tail -n 1; }

start() {
  local workers=2 cores=1 memory=3g gpus=0 port=7077 ui_port=8080
  while (($# > 0)); do
    (($# > 1)) || fail "Cannot read option $1: it needs a value" 2
    case $1 in
      --workers) workers=$2 ;;
      --cores) cores=$2 ;;
      --memory) memory=$2 ;;
      --gpus) gpus=$2 ;;
      --port) port=$2 ;;
      --ui-port) ui_port=$2 ;;
      *) fail "Unknown option: $1 (cluster.sh --help)" 2 ;;
    esac
    shift 2
  done
  local number
  for number in "$workers" "$cores" "$port" "$ui_port"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || fail "Invalid number: $number (--workers, --cores, --port and --ui-port take whole numbers from 1)" 2
  done
  [[ $gpus =~ ^[0-9]+$ ]] || fail "Invalid --gpus: $gpus (write how many each worker offers)" 2
  [[ $memory =~ ^[1-9][0-9]*[mMgG]$ ]] || fail "Invalid --memory: $memory (write a size such as 3g)" 2

  [[ $root != *:* ]] || fail "Cannot start the cluster from $root: a class path ends at a colon; give the checkout another name, or a link"
  mkdir -p "$state/work" 2>/dev/null && [[ -w $state/work ]] || fail "Cannot start the cluster: $state/work cannot be written"
  id -un >/dev/null 2>&1 || fail "Cannot start the cluster as user $UID, who has no name on this machine: Spark's daemons need one, in /etc/passwd"

  local name
  for name in $(names); do
    ! alive "$name" || fail "Cannot start the cluster: it runs already ($name is process $(<"$state/$name.pid")); cluster.sh stop ends it"
  done
  for number in "$port" "$ui_port"; do
    ! listens "$number" || fail "Cannot start the master: port $number of $host is taken; choose another with --port or --ui-port"
  done

  spark_home=${SPARK_HOME:-$root/.spark-runtime}
  if [[ -z ${SPARK_HOME:-} ]]; then
    "$root/submit.sh" --prepare-runtime
  elif [[ ! -x $SPARK_HOME/bin/spark-class ]]; then
    fail "Cannot use SPARK_HOME=$SPARK_HOME: it holds no bin/spark-class"
  else
    spark_home=$(cd -- "$SPARK_HOME" && pwd)
  fi

  rm -rf "$state"/*.pid "$state"/*.log "$state"/*.gpus.json
  export SPARK_HOME=$spark_home SPARK_CONF_DIR=$here SPARK_LOCAL_IP=$host SPARK_DAEMON_MEMORY=512m
  # A taken port is an error, not a reason to listen on the next one. Folders of finished runs go after a day.
  export SPARK_DAEMON_JAVA_OPTS="-Dspark.port.maxRetries=0"
  local worker_options="-Dspark.worker.cleanup.enabled=true -Dspark.worker.cleanup.appDataTtl=86400"

  launch master org.apache.spark.deploy.master.Master --host "$host" --port "$port" --webui-port "$ui_port"
  local worker
  for ((worker = 1; worker <= workers; worker++)); do
    export SPARK_WORKER_OPTS=$worker_options
    if ((gpus > 0)); then
      offer_gpus "worker-$worker" $(((worker - 1) * gpus)) "$gpus"
      SPARK_WORKER_OPTS+=" -Dspark.worker.resourcesFile=$state/worker-$worker.gpus.json"
    fi
    launch "worker-$worker" org.apache.spark.deploy.worker.Worker --host "$host" --webui-port 0 \
      --cores "$cores" --memory "$memory" --work-dir "$state/work" "spark://$host:$port"
  done

  local waited=0 up=0
  while ((waited < 120)); do
    for name in $(names); do
      if ! alive "$name"; then
        local why
        why=$(last_words "$name")
        stop >/dev/null
        fail "Cannot start the cluster: $name ended: ${why:-no message} ($state/$name.log)"
      fi
    done
    up=$(alive_workers "$ui_port") || up=0
    if ((${up:-0} == workers)); then
      echo "Spark master spark://$host:$port, $workers workers (cores $cores, memory $memory, GPUs $gpus each), http://$host:$ui_port"
      [[ $port == 7077 ]] || echo "Submit with ./submit.sh --cluster standalone --conf spark.master=spark://$host:$port COMMAND"
      echo "spark://$host:$port http://$host:$ui_port" >"$state/address"
      return
    fi
    sleep 0.5
    waited=$((waited + 1))
  done
  stop >/dev/null
  fail "Cannot start the cluster: ${up:-0} of $workers workers registered within 60 s; see $state/*.log"
}

stop() {
  local name stopped=0 tries
  for name in $(names | sort -r); do
    if alive "$name"; then
      kill "$(<"$state/$name.pid")" 2>/dev/null || true
      for ((tries = 0; tries < 40; tries++)); do
        alive "$name" || break
        sleep 0.25
      done
      ! alive "$name" || kill -KILL "$(<"$state/$name.pid")" 2>/dev/null || true
      stopped=$((stopped + 1))
    fi
    rm -f "$state/$name.pid"
  done
  rm -f "$state/address"
  echo "Stopped $stopped processes"
}

status() {
  local name running=0 ended=0
  for name in $(names); do
    if alive "$name"; then
      echo "$name runs (process $(<"$state/$name.pid"))"
      running=$((running + 1))
    else
      echo "$name has ended; see $state/$name.log"
      ended=$((ended + 1))
    fi
  done
  if ((running == 0)); then
    echo "No cluster runs"
    return 3
  fi
  [[ ! -f $state/address ]] || echo "Master and UI: $(<"$state/address")"
  ((ended == 0))
}

case ${1:-} in
  start) shift; start "$@" ;;
  stop) stop ;;
  status) status ;;
  --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
