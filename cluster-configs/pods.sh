# Sourced by submit.sh: what Kubernetes' pods need beside settings, and how the driver's pod ended.

# millicores KEY VALUE: cores as Kubernetes writes them (4, 0.5, 500m), in thousandths.
millicores() {
  local part
  if [[ $2 =~ ^([0-9]{1,7})m$ ]]; then
    echo $((10#${BASH_REMATCH[1]}))
  elif [[ $2 =~ ^([0-9]{1,4})(\.([0-9]{1,3}))?$ ]]; then
    part=${BASH_REMATCH[3]:-}000
    echo $((10#${BASH_REMATCH[1]} * 1000 + 10#${part:0:3}))
  else
    fail "Invalid $1: $2 (write a number of cores such as 4 or 500m)" 2
  fi
}

# pod_settings COMMAND: adds to what is derived.
pod_settings() {
  local limit word stamp
  # Without a limit the JVM and native libraries see all cores of the node; with less than its threads they wait for each other.
  limit=$(setting_of spark.kubernetes.executor.limit.cores "$cores")
  limit=$(millicores spark.kubernetes.executor.limit.cores "$limit")
  ((limit >= cores * 1000)) \
    || fail "Invalid spark.kubernetes.executor.limit.cores: ${limit}m is less than spark.executor.cores=$cores; leave it out, it follows" 2
  derived+=("spark.kubernetes.executor.limit.cores=$cores"
    "spark.kubernetes.executor.podTemplateFile=$root/cluster-configs/kubernetes/executor-pod.yaml")
  no_secret_in_clear
  [[ $(setting_of spark.submit.deployMode client) == cluster ]] || return 0
  # What this script sets for a driver on this machine, for one in a pod.
  for word in "${command_env[@]}"; do
    case ${word%%=*} in
      OMP_NUM_THREADS | OPENBLAS_NUM_THREADS | BACKEND_PRIORITY_CPU) derived+=("spark.kubernetes.driverEnv.$word") ;;
    esac
  done
  # A name that is known beforehand, to ask for the pod.
  printf -v stamp '%(%m%d-%H%M%S)T' -1
  driver_pod=$(setting_of spark.kubernetes.driver.pod.name "dropblock-$1-$stamp-$$-driver")
  driver_pod=${driver_pod,,}
  namespace=$(setting_of spark.kubernetes.namespace default)
  derived+=("spark.kubernetes.driver.pod.name=$driver_pod"
    "spark.kubernetes.driver.podTemplateFile=$root/cluster-configs/kubernetes/driver-pod.yaml")
}

# What Spark is told it writes into the specs and config maps of pods, where many may read it. From a file
# (spark.authenticate.secret.file) its executors cannot take a secret: they end at once.
no_secret_in_clear() {
  local page=cluster-configs/kubernetes/README.md
  [[ -z $(setting_of spark.authenticate.secret '') ]] \
    || fail "Cannot use spark.authenticate.secret: all who may look at pods would read it ($page)" 2
  [[ $(setting_of spark.authenticate false) != true ]] \
    || fail "Cannot use spark.authenticate=true: Spark would write the secret into the spec of each pod, and executors cannot read one from a file ($page)" 2
}

# Submits, waits, and ends as the driver did: Spark's own client ends with 0 however that was.
run_driver_pod() {
  local submission code=0 state setting
  local -a ask=("${words[0]}" --master "$master" --properties-file "$settings")
  for setting in ${conf[@]+"${conf[@]}"}; do is_secret "$setting" || ask+=(--conf "$setting"); done
  say "the driver is pod $driver_pod; its output: kubectl logs -f -n $namespace $driver_pod"
  env "${command_env[@]}" "${words[@]}" &
  submission=$!
  trap 'leave_driver_pod 130 "$submission"' INT
  trap 'leave_driver_pod 143 "$submission"' TERM
  wait "$submission" || code=$?
  trap - INT TERM
  ((code == 0)) || exit "$code"
  state=$(env "${command_env[@]}" "${ask[@]}" --status "$namespace:$driver_pod" 2>&1) || true
  code=$(driver_exit_code "$state")
  [[ -n $code ]] \
    || fail "Cannot tell how the driver ended: its pod has no exit code; see kubectl describe pod -n $namespace $driver_pod"
  ((code == 0)) || say "the driver ended with exit code $code; why: kubectl logs -n $namespace $driver_pod"
  exit "$code"
}

leave_driver_pod() {
  kill -TERM "$2" 2>/dev/null || true
  say "not waiting any longer: pod $driver_pod goes on; to end it: kubectl delete pod -n $namespace $driver_pod"
  exit "$1"
}

# driver_exit_code TEXT: from what spark-submit --status prints of a pod: of the driver's container, else of the first.
driver_exit_code() {
  local line name='' first='' code=''
  while IFS= read -r line; do
    case $line in
      *"container name: "*) name=${line##*container name: } ;;
      *"exit code: "*)
        line=${line##*exit code: }
        [[ $line =~ ^[0-9]{1,3}$ ]] || continue
        first=${first:-$line}
        [[ $name != spark-kubernetes-driver ]] || code=$line
        ;;
    esac
  done <<<"$1"
  printf '%s' "${code:-$first}"
}
