#!/usr/bin/env bash
# Runs one command of DropBlock on Spark on a cluster. ./submit.sh --help says how.
set -euo pipefail

((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || { echo "Cannot run with bash $BASH_VERSION: it must be 4.4 or later" >&2; exit 1; }

# The checkout that this script is in, also where it was called by a symbolic link.
unset CDPATH
script=${BASH_SOURCE[0]}
while [[ -L $script ]]; do
  target=$(readlink -- "$script")
  [[ $target == /* ]] || target=$(dirname -- "$script")/$target
  script=$target
done
root=$(cd -- "$(dirname -- "$script")" && pwd)
main_class=io.dropblock.spark.cli.Main
plugin_class=io.dropblock.spark.train.progress.TrainingPlugin
kinds=(local standalone yarn kubernetes)
commands=(prepare check tune train evaluate predict analyze describe report export experiment scaling bench demo help)
. "$root/cluster-configs/machine.sh"
. "$root/cluster-configs/artifacts.sh"
. "$root/cluster-configs/words.sh"
. "$root/cluster-configs/spark-home.sh"
. "$root/cluster-configs/yarn/console.sh"
. "$root/cluster-configs/pods.sh"
. "$root/cluster-configs/usage.sh"

fail() {
  echo "$1" >&2
  exit "${2:-1}"
}

# ---- the command line ----

kind=local
gpu=false
dry_run=false
own_settings=
jar=
conf=()

need_value() { (($2 > 1)) || fail "Cannot read option $1: it needs a value" 2; }

while (($# > 0)); do
  case $1 in
    --cluster) need_value "$1" $#; kind=$2; shift 2 ;;
    --cluster=*) kind=${1#*=}; shift ;;
    --conf) need_value "$1" $#; conf+=("$2"); shift 2 ;;
    --conf=*) conf+=("${1#*=}"); shift ;;
    --settings) need_value "$1" $#; own_settings=$2; shift 2 ;;
    --settings=*) own_settings=${1#*=}; shift ;;
    --jar) need_value "$1" $#; jar=$2; shift 2 ;;
    --jar=*) jar=${1#*=}; shift ;;
    --gpu) gpu=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    --help | -h) usage; exit 0 ;;
    # For cluster-configs/standalone/cluster.sh: fetch the runtime where there is none, and no more.
    --prepare-runtime) set -- "$1"; break ;;
    --version) break ;;
    -*) fail "Unknown option: $1. Did you mean $(nearest "${1%%=*}" --cluster --gpu --settings --conf --jar --dry-run --help --version)? (./submit.sh --help)" 2 ;;
    *) break ;;
  esac
done
(($# > 0)) || fail "Cannot submit: no COMMAND given (./submit.sh --help)" 2
[[ $1 == -* || " ${commands[*]} " == *" $1 "* ]] \
  || fail "Unknown command: $1. Did you mean $(nearest "$1" "${commands[@]}")? (./submit.sh --help)" 2
[[ " ${kinds[*]} " == *" $kind "* ]] || fail "Unknown cluster kind: $kind. Did you mean $(nearest "$kind" "${kinds[@]}")? (${kinds[*]})" 2
for setting in ${conf[@]+"${conf[@]}"}; do
  [[ $setting == ?*=* ]] || fail "Cannot read --conf $setting: it must be KEY=VALUE" 2
done

# describe, report, export, scaling and bench need no cluster, whichever they are told, and no GPU.
[[ $1 != describe && $1 != report && $1 != export && $1 != scaling && $1 != bench ]] || { kind=local; gpu=false; }

settings=$root/cluster-configs/$kind/spark-defaults.conf
settings_files=("$settings")
settings_lines=()
! $gpu || settings_files=("$root/cluster-configs/$kind/gpu.conf" "$settings")
for file in "${settings_files[@]}"; do
  [[ -r $file ]] || fail "Cannot read the settings of cluster kind $kind: $file is missing"
done
if [[ -n $own_settings ]]; then
  [[ -f $own_settings && -r $own_settings ]] || fail "Cannot read --settings $own_settings: there is no such file" 2
  while read -r key value || [[ -n $key ]]; do
    [[ -z $key || $key == \#* ]] && continue
    [[ $key =~ ^spark\.[A-Za-z0-9._-]+$ && -n $value ]] \
      || fail "Cannot read --settings $own_settings: a line is '$key${value:+ $value}', and must be a Spark setting, a space and its value" 2
    [[ " ${settings_lines[*]-} " != *" $key="* ]] || fail "Cannot read --settings $own_settings: it has $key twice" 2
    settings_lines+=("$key=$value")
  done <"$own_settings"
  settings_files=("$own_settings" "${settings_files[@]}")
fi

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

locale=$(missing_locale "$java_says")

[[ -z ${SPARK_HOME:-} ]] || check_spark
read_their_settings

# ---- folders ----

version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml")

# What is kept is in .spark-runtime, or in a folder of the user's: state.
if [[ $root == *:* ]]; then
  # A class path ends at a colon: everything goes by a link to the checkout.
  state=$(own_folder)
  link "$root" "$state/checkout"
  root=$state/checkout
else
  state=$root/.spark-runtime
  can_write "$state/work" && [[ ! -e $state/lock || -w $state/lock ]] || state=$(own_folder)
fi
runtime=$root/.spark-runtime
[[ $state == "$runtime" ]] || has_runtime "$runtime" || runtime=$state/spark
spark_home=${SPARK_HOME:-$runtime}
# Executors of a local run work in the folder work of what they take for Spark's home.
if [[ $spark_home == *:* ]] || { [[ $kind == local ]] && ! can_write "$spark_home/work"; }; then
  link "$spark_home/bin" "$state/home/bin"
  link "$spark_home/jars" "$state/home/jars"
  spark_home=$state/home
fi

built_jar=$root/spark-jobs/target/dropblock-spark-$version.jar
build_options=(-DskipTests -Dspotless.check.skip=true -Dforbiddenapis.skip=true)
if $gpu; then
  built_jar=$root/spark-jobs/target/dropblock-gpu-$version.jar
  build_options+=(-Pcuda)
fi
# Of bench nothing goes to a cluster: its jar lies beside the other, and JMH beside it.
bench_jar=$root/dropblock-bench/target/dropblock-bench-$version.jar

# A jar is a file here, or an address.
jar_is_file=true
if [[ -z $jar ]]; then
  jar=$built_jar
elif [[ ! -f $jar && $jar =~ ^[a-z][a-z0-9+.-]*:/ ]]; then
  jar_is_file=false
else
  [[ -f $jar ]] || $dry_run || fail "Cannot submit $jar: there is no such file"
  [[ $jar == /* ]] || jar=$PWD/$jar
  if [[ $jar == *:* ]]; then
    link "$jar" "$state/${jar//[:\/]/_}"
    jar=$state/${jar//[:\/]/_}
  fi
fi

# On this machine nothing has to travel: driver and executors have the jar on their class path, behind Spark's own.
class_path="$spark_home/jars/*:$jar"
class_list=$root/cluster-configs/local/classes.txt
archive=$state/${jar##*/}.jsa
here=false
case $jar_is_file:$(setting_of spark.submit.deployMode client):$(setting_of spark.master $kind) in
  true:client:local* | true:client:standalone | true:client:spark://127.0.0.1:* | true:client:spark://localhost:*) here=true ;;
esac

asks_help "$@" || [[ $1 == bench || $1 == --prepare-runtime ]] || keep_settings
if ! $dry_run; then
  make_artifacts "$@"
  tidy_work
fi
[[ $1 != --prepare-runtime ]] || exit 0

# ---- the command to run ----

# Kubernetes hands all files of this folder to the pods, so there it is a folder of its own.
conf_dir=$root/cluster-configs/$kind
[[ $kind != kubernetes ]] || conf_dir+=/conf
command_env=("SPARK_HOME=$spark_home" "SPARK_CONF_DIR=${SPARK_CONF_DIR:-$conf_dir}")
[[ -z ${JAVA_HOME:-} ]] || command_env+=("JAVA_HOME=$JAVA_HOME")
[[ -z $locale ]] || command_env+=("LC_ALL=$locale")
# GPUs are for executors: the driver, with its copy of the network, computes in main memory whatever the jar and the machine.
command_env+=("BACKEND_PRIORITY_CPU=${BACKEND_PRIORITY_CPU:-1000}")
alone_path="$conf_dir:$jar:$bench_jar:${bench_jar%/*}/jmh/*:$spark_home/jars/*${SPARK_DIST_CLASSPATH:+:$SPARK_DIST_CLASSPATH}"
[[ $1 != bench || -f $bench_jar ]] || $dry_run \
  || fail "Cannot measure: there is no $bench_jar; build it with ./mvnw -DskipTests package"

# What each JVM on this machine is told besides.
jvm_options=()
# Native libraries are unpacked to /tmp and loaded from there.
if ! can_execute /tmp; then
  $dry_run || mkdir -p "$state/tmp"
  $dry_run || can_execute "$state/tmp" \
    || fail "Cannot load native libraries: neither /tmp nor $state/tmp can be written and executed from (mounted noexec?); set XDG_CACHE_HOME to a folder that can"
  jvm_options+=("-Djava.io.tmpdir=$state/tmp")
fi
# Hadoop asks the system for the user's name, and Java for its home.
if ! id -un >/dev/null 2>&1; then
  user=${HADOOP_USER_NAME:-user-$UID}
  $jar_is_file || fail "Cannot submit $jar as user $UID, who has no name on this machine: say --jar FILE"
  home=${HOME:-}
  [[ -d $home && -w $home ]] || home=$state
  jvm_options+=("-javaagent:$jar=$user" "-Duser.name=$user" "-Duser.home=$home")
fi
alone=("$java" ${jvm_options[@]+"${jvm_options[@]}"} -Dorg.nd4j.log.initialization=false)

# The driver in a container of YARN's: what it is told goes there, and this terminal is told how it ends.
in_yarn=false
if asks_help "$@"; then
  words=("${alone[@]}" -XX:TieredStopAtLevel=1 -cp "$alone_path" "$main_class" "$@")
elif [[ $1 == bench ]]; then
  # Without Spark: JMH starts a JVM for each thing it measures with the class path of this one, which under spark-submit
  # would lack the jar. All processors; the program takes as many of them as it is told.
  processors=$(usable_processors '' "$(processors)")
  command_env+=("OMP_NUM_THREADS=$processors" "OPENBLAS_NUM_THREADS=$processors")
  words=("${alone[@]}" -cp "$alone_path" "$main_class" "$@")
else
  derived=()
  master=$(setting_of spark.master '')
  case $kind in
    local)
      executors=$(whole spark.executor.instances "$(setting_of spark.executor.instances 2)")
      processors=$(usable_processors '' "$(processors)")
      cores=$((processors / executors > 0 ? processors / executors : 1))
      cores=$(whole spark.executor.cores "$(setting_of spark.executor.cores "$cores")")
      read -r total whose < <(usable_memory '')
      driver=$(mebibytes spark.driver.memory "$(setting_of spark.driver.memory "$(driver_memory "$total")m")")
      if [[ $1 == describe || $1 == report || $1 == export || $1 == scaling ]]; then
        # Nothing of it is distributed: one JVM, which may take all processors.
        master="local[$cores]"
        command_env+=("OMP_NUM_THREADS=$processors" "OPENBLAS_NUM_THREADS=$processors")
      else
        heap=$(setting_of spark.executor.memory '')
        # a line of its own: what fails within another command's words does not end the script
        [[ -z $heap ]] || heap=$(mebibytes spark.executor.memory "$heap")
        memory=$(executor_memory "$total" "$whose" "$executors" "$driver" "$heap")
        heap=${memory% *}
        master=${master:-local-cluster[$executors,$cores,$heap]}
        derived+=("spark.executor.memory=${heap}m" "spark.dropblock.nativeMemory=${memory#* }m")
      fi
      derived+=("spark.driver.memory=${driver}m" "spark.executor.cores=$cores" "spark.cores.max=$((executors * cores))")
      ;;
    standalone)
      master=${master:-spark://127.0.0.1:7077}
      ;;
    yarn)
      master=${master:-yarn}
      [[ -n ${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-} ]] \
        || fail "Cannot submit to YARN: HADOOP_CONF_DIR is not set; point it at the folder with yarn-site.xml and core-site.xml"
      [[ $(setting_of spark.submit.deployMode client) != cluster ]] || in_yarn=true
      ;;
    kubernetes)
      [[ $master == k8s://* ]] \
        || fail "Cannot submit to Kubernetes: spark.master is '$master'; say --conf spark.master=k8s://https://HOST:PORT"
      ;;
  esac
  if [[ $kind == yarn || $kind == kubernetes ]]; then
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
    done <"$root/cluster-configs/$kind/gpu.conf"
  fi
  derived+=(${settings_lines[@]+"${settings_lines[@]}"})

  # One rank an executor, and it uses exactly its cores: two teams of threads on the same cores stall each other. A thread
  # that waits looks 5000 times, less than 0.2 ms, and sleeps then (PASSIVE). Waking up takes as long as a small map's work.
  cores=$(whole spark.executor.cores "$(setting_of spark.executor.cores "${cores:-1}")")
  task_cores=$(whole spark.task.cpus "$(setting_of spark.task.cpus "$cores")")
  ((task_cores <= cores)) || fail "Invalid spark.task.cpus: $task_cores is more than spark.executor.cores=$cores" 2
  derived+=("spark.task.cpus=$task_cores" "spark.executorEnv.OMP_NUM_THREADS=$task_cores"
    "spark.executorEnv.OPENBLAS_NUM_THREADS=$task_cores" "spark.executorEnv.OMP_WAIT_POLICY=PASSIVE"
    "spark.executorEnv.GOMP_SPINCOUNT=5000")
  [[ -z $locale ]] || derived+=("spark.executorEnv.LC_ALL=$locale")
  [[ -z $locale || $kind != yarn ]] || derived+=("spark.yarn.appMasterEnv.LC_ALL=$locale")
  [[ " ${command_env[*]} " == *" OMP_NUM_THREADS="* ]] || command_env+=(OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1)
  [[ $kind != kubernetes ]] || pod_settings "$1"

  # Nothing listens beyond this machine when the cluster is this machine.
  case $master in
    local* | spark://127.0.0.1:* | spark://localhost:*) command_env+=(SPARK_LOCAL_IP=127.0.0.1) ;;
  esac

  ! $here || [[ ! -f $archive ]] || jvm_options+=("-XX:SharedArchiveFile=$archive" -Xlog:cds=off)
  own_options=$(as_one ${jvm_options[@]+"${jvm_options[@]}"})

  arguments=("$@")
  sent=
  if $in_yarn; then
    # A recipe of this machine goes to the driver's folder, and is named as it is there.
    while IFS= read -r file; do sent+="${sent:+,}$file"; done < <(yaml_files "$@")
    for ((i = 0; i < $#; i++)); do
      [[ -z $(yaml_files "${arguments[i]}") ]] || arguments[i]=${arguments[i]##*/}
    done
    # There is no checkout beside a container: its log has all.
    options=$(setting_of spark.driver.extraJavaOptions '')
    derived+=("spark.driver.extraJavaOptions=${options/-Ddropblock.networkLog=file/}")
    options=$(as_one -Ddropblock.yarnClient=info "-Dlog4j2.configurationFile=$root/cluster-configs/yarn/log4j2.properties")
    command_env+=("SPARK_SUBMIT_OPTS=${SPARK_SUBMIT_OPTS:+$SPARK_SUBMIT_OPTS }$options")
    folder=$(value_of --run "$@")
    [[ -n $folder ]] || folder=$(value_of --out "$@")
  fi

  words=("$spark_home/bin/spark-submit" --master "$master" --name "dropblock $1" --properties-file "$settings")
  for setting in "${derived[@]}" ${conf[@]+"${conf[@]}"}; do
    case $here:$setting in
      *:spark.master=* | *:spark.plugins=* | *:spark.driver.defaultJavaOptions=* | *:spark.executor.defaultJavaOptions=* | true:spark.driver.extraClassPath=* | true:spark.executor.extraClassPath=*) ;;
      *) is_secret "$setting" || words+=(--conf "$setting") ;;
    esac
  done
  # What a training tells of its steps comes by a plugin of ours; what you say comes before it.
  more=$(setting_of spark.plugins '')
  words+=(--conf "spark.plugins=${more:+$more,}$plugin_class")
  # Executors elsewhere have nothing of these.
  for jvm in driver executor; do
    options=
    [[ $jvm == executor ]] && ! $here || options=$own_options
    more=$(setting_of "spark.$jvm.defaultJavaOptions" '')
    options+=${more:+${options:+ }$more}
    [[ -z $options ]] || words+=(--conf "spark.$jvm.defaultJavaOptions=$options")
  done
  if [[ -n $sent ]]; then
    more=$(setting_of spark.files '')
    words+=(--conf "spark.files=${more:+$more,}$sent")
  fi
  if $here; then
    for jvm in driver executor; do
      more=$(setting_of "spark.$jvm.extraClassPath" '')
      words+=(--conf "spark.$jvm.extraClassPath=$class_path${more:+:$more}")
    done
    # Spark's word for a program that is on the class path already.
    words+=(--class "$main_class" spark-internal "${arguments[@]}")
  else
    words+=(--class "$main_class" "$jar" "${arguments[@]}")
  fi
fi

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
# Java and Spark take some seconds to say anything.
if ! asks_help "$@" && [[ " prepare check tune train evaluate predict experiment demo " == *" $1 "* || "$1 ${2-}" == "analyze robustness" ]]; then
  where=$master
  [[ $kind:$master != local:local-cluster* ]] || where="this machine (executors: $executors, cores of each: $cores)"
  echo "submit.sh: starting Spark on $where for $1" >&2
fi
! $in_yarn || { in_cluster "$folder" env "${command_env[@]}" "${words[@]}"; exit; }
if ! asks_help "$@" && [[ $kind:$(setting_of spark.submit.deployMode client) == kubernetes:cluster ]]; then
  run_driver_pod
fi
exec env "${command_env[@]}" "${words[@]}"
