#!/usr/bin/env bash
# Runs one command of DropBlock on Spark on a cluster. ./submit.sh --help says how.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
runtime=$root/.spark-runtime
main_class=io.dropblock.spark.cli.Main
kinds=(local standalone yarn kubernetes)

usage() {
  cat <<'HELP'
Usage: ./submit.sh [--cluster KIND] [--gpu] [--conf KEY=VALUE]... [--jar FILE] [--dry-run] COMMAND [ARGUMENT]...

Runs COMMAND of DropBlock on Spark. Options before COMMAND are for this script, everything from COMMAND on is the program's.

  --cluster KIND    local        two executor JVMs on this machine (default)
                    standalone   a Spark master at spark://127.0.0.1:7077, see cluster-configs/standalone/cluster.sh
                    yarn         the YARN that HADOOP_CONF_DIR describes
                    kubernetes   the Kubernetes that --conf spark.master=k8s://https://HOST:PORT names
  --gpu             executors compute on GPUs, one each: cluster-configs/KIND/gpu.conf, and the jar for GPUs
  --conf KEY=VALUE  one Spark setting; stronger than cluster-configs/KIND/spark-defaults.conf; may be repeated
  --jar FILE        submit this jar (a file, or local:///path inside a container image) and build nothing
  --dry-run         print the command that would run, and run and build nothing
  --help            this text; ./submit.sh COMMAND --help is the program's

Commands
  prepare    turn a dataset as people have it into shards
  train      train a recipe
  evaluate   measure a checkpoint
  describe   print what a recipe means: its model, its schedule, its cost (no cluster: one JVM)
  bench      measure this machine: the DropBlock op, a training step, averaging, input (no cluster: JVMs for each thing measured)
  demo       a small training, from nothing to a report

Examples
  ./submit.sh demo
  ./submit.sh train --help
  ./submit.sh --conf spark.executor.memory=6g train RECIPE --set epochs=2
  ./submit.sh --cluster standalone train RECIPE
  ./submit.sh --cluster yarn --conf spark.executor.instances=8 train RECIPE
  ./submit.sh --cluster yarn --gpu train RECIPE
  ./submit.sh --dry-run train RECIPE

Needs Java 17 (JAVA_HOME, else java on the PATH). Spark is the one in SPARK_HOME (3.5, Scala 2.12); without SPARK_HOME what
is needed of Spark is fetched once, to .spark-runtime. The exit code is the program's. More: docs/operations.md
HELP
}

fail() {
  echo "$1" >&2
  exit "${2:-1}"
}

# The word among the rest that is the fewest edits away from the first.
nearest() {
  local typed=$1 best='' least=99 word
  shift
  for word; do
    local -a above=() row=()
    local i j up
    for ((j = 0; j <= ${#word}; j++)); do above[j]=$j; done
    for ((i = 1; i <= ${#typed}; i++)); do
      row=("$i")
      for ((j = 1; j <= ${#word}; j++)); do
        up=$((above[j - 1] + 1))
        [[ ${typed:i-1:1} == "${word:j-1:1}" ]] && up=$((above[j - 1]))
        ((above[j] + 1 < up)) && up=$((above[j] + 1))
        ((row[j - 1] + 1 < up)) && up=$((row[j - 1] + 1))
        row[j]=$up
      done
      above=("${row[@]}")
    done
    if ((above[${#word}] < least)); then
      least=${above[${#word}]}
      best=$word
    fi
  done
  printf '%s' "$best"
}

# ---- the command line ----

kind=local
gpu=false
dry_run=false
jar=
conf=()

need_value() { (($2 > 1)) || fail "Cannot read option $1: it needs a value" 2; }

while (($# > 0)); do
  case $1 in
    --cluster) need_value "$1" $#; kind=$2; shift 2 ;;
    --cluster=*) kind=${1#*=}; shift ;;
    --conf) need_value "$1" $#; conf+=("$2"); shift 2 ;;
    --conf=*) conf+=("${1#*=}"); shift ;;
    --jar) need_value "$1" $#; jar=$2; shift 2 ;;
    --jar=*) jar=${1#*=}; shift ;;
    --gpu) gpu=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    --help | -h) usage; exit 0 ;;
    # For cluster-configs/standalone/cluster.sh: fetch the runtime where there is none, and no more.
    --prepare-runtime) set -- "$1"; break ;;
    --version) break ;;
    -*) fail "Unknown option: $1. Did you mean $(nearest "${1%%=*}" --cluster --gpu --conf --jar --dry-run --help --version)? (./submit.sh --help)" 2 ;;
    *) break ;;
  esac
done
(($# > 0)) || fail "Cannot submit: no COMMAND given (./submit.sh --help)" 2
[[ " ${kinds[*]} " == *" $kind "* ]] || fail "Unknown cluster kind: $kind. Did you mean $(nearest "$kind" "${kinds[@]}")? (${kinds[*]})" 2
for setting in ${conf[@]+"${conf[@]}"}; do
  [[ $setting == ?*=* ]] || fail "Cannot read --conf $setting: it must be KEY=VALUE" 2
done

# describe and bench need no cluster, whichever they are told, and no GPU.
[[ $1 != describe && $1 != bench ]] || { kind=local; gpu=false; }

settings=$root/cluster-configs/$kind/spark-defaults.conf
settings_files=("$settings")
! $gpu || settings_files=("$root/cluster-configs/$kind/gpu.conf" "$settings")
for file in "${settings_files[@]}"; do
  [[ -r $file ]] || fail "Cannot read the settings of cluster kind $kind: $file is missing"
done

# asks_help ARGUMENT...: the program only prints, so no cluster is started for it.
asks_help() {
  local argument
  [[ $1 == --version || $1 == help ]] && return 0
  for argument; do
    [[ $argument == -- ]] && return 1
    [[ $argument == --help || $argument == -h ]] && return 0
  done
  return 1
}

# setting_of KEY DEFAULT: what --conf says (the last wins), else the settings files (the first wins), else DEFAULT.
setting_of() {
  local i value
  for ((i = ${#conf[@]} - 1; i >= 0; i--)); do
    if [[ ${conf[i]%%=*} == "$1" ]]; then
      printf '%s' "${conf[i]#*=}"
      return
    fi
  done
  value=$(awk -v key="$1" '!/^[ \t]*#/ && $1 == key { $1 = ""; sub(/^ /, ""); print; exit }' "${settings_files[@]}")
  printf '%s' "${value:-$2}"
}

# mebibytes KEY VALUE: a size as Spark writes them (512m, 4g; a bare number is MiB).
mebibytes() {
  local size=${2,,}
  size=${size%b}
  case $size in
    *[!0-9kmgt]* | '' | [kmgt]*) fail "Invalid $1: $2 (write a size such as 512m or 4g)" 2 ;;
    *k) echo $((${size%k} / 1024)) ;;
    *m) echo "${size%m}" ;;
    *g) echo $((${size%g} * 1024)) ;;
    *t) echo $((${size%t} * 1024 * 1024)) ;;
    *) echo "$size" ;;
  esac
}

# whole KEY VALUE
whole() {
  [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "Invalid $1: $2 (write a number from 1)" 2
  echo "$2"
}

# ---- Java and Spark ----

if [[ -n ${JAVA_HOME:-} ]]; then
  java=$JAVA_HOME/bin/java
  [[ -x $java ]] || fail "Cannot use JAVA_HOME=$JAVA_HOME: it holds no bin/java; install a JDK 17 and point JAVA_HOME at it"
else
  java=$(command -v java) || fail "Cannot find java: install a JDK 17 (for example the package openjdk-17-jdk) or point JAVA_HOME at one"
fi
java_says=$("$java" -XshowSettings:properties -version 2>&1) || true
java_version=$(sed -n 's/.* version "\([0-9][^"]*\)".*/\1/p' <<<"$java_says")
[[ ${java_version%%.*} == 17 ]] \
  || fail "Cannot run with Java ${java_version:-of unknown version} ($java): install a JDK 17 and point JAVA_HOME at it"

# Java reads the names of files in the characters of its locale, and cannot open others. Where that has ASCII only (LC_ALL=C,
# or a locale that is not installed) the processes get one that has them all, if there is one.
knows_utf8() ( LC_ALL=$1 letter=$'\xc3\xa9'; ((${#letter} == 1)) ) 2>/dev/null
locale=
if [[ $java_says =~ sun\.jnu\.encoding\ =\ (ANSI_X3\.4-1968|US-ASCII|ASCII|646) ]]; then
  for name in C.UTF-8 en_US.UTF-8; do
    if knows_utf8 "$name"; then locale=$name && break; fi
  done
fi

spark_home=${SPARK_HOME:-$runtime}
if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] \
    || fail "Cannot use SPARK_HOME=$SPARK_HOME: it holds no bin/spark-submit; unset it to let submit.sh fetch what is needed"
  core=("$SPARK_HOME"/jars/spark-core_*.jar)
  [[ ${core[0]##*/} == spark-core_2.12-3.5.* ]] \
    || fail "Cannot use SPARK_HOME=$SPARK_HOME: jars/${core[0]##*/} is not Spark 3.5 for Scala 2.12"
fi

version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml")
built_jar=$root/spark-jobs/target/dropblock-spark-$version.jar
build_options=(-DskipTests -Dspotless.check.skip=true)
if $gpu; then
  built_jar=$root/spark-jobs/target/dropblock-gpu-$version.jar
  build_options+=(-Pcuda)
fi

say() { echo "submit.sh: $1" >&2; }

build_jar() {
  local cause='there is none yet'
  if [[ -f $built_jar ]]; then
    [[ -n $(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main -newer "$built_jar" -print -quit 2>/dev/null) ]] || return 0
    cause='sources are newer'
  fi
  [[ -x ${java%/*}/javac || -n $(command -v javac) ]] || fail "Cannot build the jar: $java comes without javac; install a JDK 17, not a JRE"
  say "building the jar ($cause); about a minute, a few more the first time to fetch the libraries"
  (cd "$root" && ./mvnw -q -B "${build_options[@]}" package) \
    || fail "Cannot build the jar: ./mvnw ${build_options[*]} package failed, see above"
}

# The runtime is whole when its stamp is that of the poms; the stamp is written last.
assemble_runtime() {
  local stamp
  stamp=$(cat "$root/pom.xml" "$root/cluster-configs/local/pom.xml" "$root"/cluster-configs/local/bin/* | cksum)
  [[ -f $runtime/stamp && $(<"$runtime/stamp") == "$stamp" ]] && return
  say "fetching what is needed of Spark to .spark-runtime, 190 MB; once, a minute or a few"
  rm -rf "$runtime/stamp" "$runtime/new"
  mkdir -p "$runtime/new"
  (cd "$root" && ./mvnw -q -B -f cluster-configs/local/pom.xml dependency:copy-dependencies \
    "-DoutputDirectory=$runtime/new/jars" -DincludeScope=runtime) \
    || fail "Cannot assemble the Spark runtime: Maven could not fetch it, see above; or set SPARK_HOME to a Spark 3.5"
  cp -R "$root/cluster-configs/local/bin" "$runtime/new/bin"
  rm -rf "$runtime/jars" "$runtime/bin"
  mv "$runtime/new/jars" "$runtime/new/bin" "$runtime"
  rmdir "$runtime/new"
  printf '%s\n' "$stamp" >"$runtime/stamp"
}

# Embedded executors work under work/app-*, with a copy of the jar each. Of runs that are over the copies go at once, and
# all but the last five folders (stdout, stderr). A folder in use is the working directory of some process.
tidy_work() {
  local app kept=0
  [[ -d $runtime/work && -d /proc/self ]] || return 0
  while IFS= read -r app; do
    [[ -z $(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$runtime/work/$app/*" -print -quit 2>/dev/null) ]] || continue
    [[ -z $(find "$runtime/work/$app" -maxdepth 0 -mmin -1) ]] || continue
    if ((++kept > 5)); then
      rm -rf "${runtime:?}/work/$app"
    else
      rm -f "$runtime/work/$app"/*/*.jar
    fi
  done < <(cd "$runtime/work" && ls -t)
}

if ! $dry_run; then
  mkdir -p "$runtime"
  # One at a time: a second submit.sh waits for the first one's build.
  {
    flock 9 2>/dev/null || true
    [[ -n $jar || $1 == --prepare-runtime ]] || build_jar
    [[ -n ${SPARK_HOME:-} ]] || assemble_runtime
    tidy_work
  } 9>"$runtime/lock"
fi
[[ $1 != --prepare-runtime ]] || exit 0
jar=${jar:-$built_jar}
[[ $jar == *:/* || -f $jar ]] || $dry_run || fail "Cannot submit $jar: there is no such file"

# ---- the command to run ----

command_env=("SPARK_HOME=$spark_home" "SPARK_CONF_DIR=${SPARK_CONF_DIR:-$root/cluster-configs/$kind}")
[[ -z ${JAVA_HOME:-} ]] || command_env+=("JAVA_HOME=$JAVA_HOME")
[[ -z $locale ]] || command_env+=("LC_ALL=$locale")
# GPUs are for executors: the driver, with its copy of the network, computes in main memory whatever the jar and the machine.
command_env+=("BACKEND_PRIORITY_CPU=${BACKEND_PRIORITY_CPU:-1000}")
class_path="$root/cluster-configs/$kind:$jar:$spark_home/jars/*"

if asks_help "$@"; then
  words=("$java" -XX:TieredStopAtLevel=1 -cp "$class_path" "$main_class" "$@")
elif [[ $1 == bench ]]; then
  # Without Spark: JMH starts a JVM for each thing it measures with the class path of this one, which under spark-submit
  # would lack the jar. All processors; the program takes as many of them as it is told.
  command_env+=("OMP_NUM_THREADS=$(nproc)" "OPENBLAS_NUM_THREADS=$(nproc)")
  words=("$java" -Dorg.nd4j.log.initialization=false -cp "$class_path" "$main_class" "$@")
else
  derived=()
  master=$(setting_of spark.master '')
  case $kind in
    local)
      executors=$(whole spark.executor.instances "$(setting_of spark.executor.instances 2)")
      processors=$(nproc)
      cores=$((processors / executors > 0 ? processors / executors : 1))
      cores=$(whole spark.executor.cores "$(setting_of spark.executor.cores "$cores")")

      # Three quarters of the memory: a sixth of it for the driver, the rest for the ranks. A rank's share is its heap (a
      # quarter), its arrays outside the heap (the rest) and 1 GiB for everything else a JVM and its libraries take.
      total=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
      if [[ -r /sys/fs/cgroup/memory.max && $(</sys/fs/cgroup/memory.max) =~ ^[0-9]+$ ]]; then
        limit=$(($(</sys/fs/cgroup/memory.max) / 1048576))
        ((limit < total)) && total=$limit
      fi
      between() { echo $(($2 < $1 ? $1 : $2 > $3 ? $3 : $2)); }
      driver=$(between 1024 $((total * 3 / 4 / 6)) 4096)
      share=$(((total * 3 / 4 - driver) / executors))
      heap=$(mebibytes spark.executor.memory "$(setting_of spark.executor.memory "$(between 1024 $((share / 4)) 4096)m")")
      native=$(between 1024 $((share - heap - 1024)) 16384)

      [[ $master ]] || master="local-cluster[$executors,$cores,$heap]"
      # Nothing of describe is distributed: one JVM, which may take all processors.
      if [[ $1 == describe ]]; then
        master="local[$cores]"
        command_env+=("OMP_NUM_THREADS=$processors" "OPENBLAS_NUM_THREADS=$processors")
      fi
      derived+=("spark.driver.memory=${driver}m" "spark.executor.memory=${heap}m" "spark.executor.cores=$cores"
        "spark.cores.max=$((executors * cores))" "spark.dropblock.nativeMemory=${native}m")
      if [[ -n ${SPARK_HOME:-} && $master == local-cluster* && ! -w $SPARK_HOME/work && ! -w $SPARK_HOME ]]; then
        fail "Cannot run executors of SPARK_HOME=$SPARK_HOME: they work in its folder work, which is not writable; unset SPARK_HOME"
      fi
      ;;
    standalone)
      master=${master:-spark://127.0.0.1:7077}
      ;;
    yarn)
      master=${master:-yarn}
      [[ -n ${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-} ]] \
        || fail "Cannot submit to YARN: HADOOP_CONF_DIR is not set; point it at the folder with yarn-site.xml and core-site.xml"
      ;;
    kubernetes)
      [[ $master == k8s://* ]] \
        || fail "Cannot submit to Kubernetes: spark.master is '$master'; say --conf spark.master=k8s://https://HOST:PORT"
      ;;
  esac
  if [[ $kind == yarn || $kind == kubernetes ]]; then
    [[ -n ${SPARK_HOME:-} ]] \
      || fail "Cannot submit to $kind: SPARK_HOME is not set, and what submit.sh fetches has no client for $kind; install Spark 3.5 (Scala 2.12)"
    # What a container may take is heap + overhead, and the arrays live in the overhead.
    overhead=$(mebibytes spark.executor.memoryOverhead "$(setting_of spark.executor.memoryOverhead 0)")
    native=$(mebibytes spark.dropblock.nativeMemory "$(setting_of spark.dropblock.nativeMemory 0)")
    ((overhead >= native + 1024)) \
      || fail "Invalid spark.executor.memoryOverhead: ${overhead}m holds no spark.dropblock.nativeMemory=${native}m; say --conf spark.executor.memoryOverhead=$((native + 1536))m" 2
  fi

  if $gpu; then
    while read -r key value; do
      [[ $key == spark.* ]] || continue
      [[ $value != cluster-configs/* ]] || value=$root/$value
      derived+=("$key=$value")
    done <"${settings_files[0]}"
  fi

  # One rank an executor, and it uses exactly its cores: two teams of threads on the same cores stall each other. A thread
  # that waits sleeps (PASSIVE) and leaves its core to others; where there are none, that costs nothing that could be measured.
  cores=$(whole spark.executor.cores "$(setting_of spark.executor.cores "${cores:-1}")")
  task_cores=$(whole spark.task.cpus "$(setting_of spark.task.cpus "$cores")")
  ((task_cores <= cores)) || fail "Invalid spark.task.cpus: $task_cores is more than spark.executor.cores=$cores" 2
  derived+=("spark.task.cpus=$task_cores" "spark.executorEnv.OMP_NUM_THREADS=$task_cores"
    "spark.executorEnv.OPENBLAS_NUM_THREADS=$task_cores" "spark.executorEnv.OMP_WAIT_POLICY=PASSIVE")
  [[ -z $locale ]] || derived+=("spark.executorEnv.LC_ALL=$locale")
  [[ " ${command_env[*]} " == *" OMP_NUM_THREADS="* ]] || command_env+=(OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1)

  # Nothing listens beyond this machine when the cluster is this machine.
  case $master in
    local* | spark://127.0.0.1:* | spark://localhost:*) command_env+=(SPARK_LOCAL_IP=127.0.0.1) ;;
  esac

  words=("$spark_home/bin/spark-submit" --master "$master" --name "dropblock $1" --properties-file "$settings")
  for setting in "${derived[@]}" ${conf[@]+"${conf[@]}"}; do
    [[ $setting == spark.master=* ]] || words+=(--conf "$setting")
  done
  words+=(--class "$main_class" "$jar" "$@")
fi

# quote WORD: as a shell reads it.
quote() {
  if [[ $1 =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then
    printf '%s' "$1"
  else
    printf "'%s'" "${1//\'/\'\\\'\'}"
  fi
}

if $dry_run; then
  # A line an option; what belongs to the program stays on the last.
  own=$((${#words[@]} - $#))
  printf 'env'
  for word in "${command_env[@]}"; do printf ' ' && quote "$word"; done
  printf ' \\\n  '
  for ((i = 0; i < ${#words[@]}; i++)); do
    ((i == 0)) || if ((i < own)) && [[ ${words[i]} == --* ]]; then printf ' \\\n    '; else printf ' '; fi
    quote "${words[i]}"
  done
  printf '\n'
  exit 0
fi
# exec: this process becomes Java, so signals and the exit code need no help.
exec env "${command_env[@]}" "${words[@]}"
