# Sourced by submit.sh: how much of this machine a process may use. ROOT is the folder that holds proc and sys: '' but in
# tests.

# control_groups ROOT CONTROLLER: the folders of this process' control group and of those above it, version 1 and 2. What
# a container cannot see of the path is not there, and its own group is the topmost.
control_groups() {
  local line controllers path mount
  [[ -r $1/proc/self/cgroup ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    controllers=${line#*:}
    path=${controllers#*:}
    controllers=${controllers%%:*}
    mount=$1/sys/fs/cgroup
    if [[ -n $controllers ]]; then
      [[ ,$controllers, == *,$2,* ]] || continue
      mount=$1/sys/fs/cgroup/$controllers
      [[ -d $mount ]] || mount=$1/sys/fs/cgroup/$2
    fi
    path=${path%/}
    while :; do
      printf '%s\n' "$mount$path"
      [[ -n $path ]] || break
      path=${path%/*}
    done
  done <"$1/proc/self/cgroup"
}

# number_in FILE: what it holds, if that is a number that counts.
number_in() {
  local text=
  [[ -r $1 ]] && read -r text <"$1" || [[ -n $text ]] || return 1
  [[ $text =~ ^[0-9]{1,18}$ ]] && printf '%s' "$text"
}

# usable_memory ROOT: MiB, a space, and whose they are.
usable_memory() {
  local total=8192 whose='of a machine that does not say' key value folder file limit
  if [[ -r $1/proc/meminfo ]]; then
    while read -r key value _; do
      [[ $key != MemTotal: ]] || { total=$((value / 1024)) whose='of this machine'; }
    done <"$1/proc/meminfo"
  fi
  while IFS= read -r folder; do
    for file in "$folder/memory.max" "$folder/memory.limit_in_bytes"; do
      limit=$(number_in "$file") || continue
      ((limit / 1048576 >= total)) || { total=$((limit / 1048576)) whose="of $file"; }
    done
  done < <(control_groups "$1" memory)
  printf '%s %s\n' "$total" "$whose"
}

# processors: those that this process may run on, whatever OMP_NUM_THREADS says, which nproc follows.
processors() {
  env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || printf 1
}

# usable_processors ROOT COUNT: COUNT, or as many whole ones as a quota of processor time is worth, at least 1.
usable_processors() {
  local most=$2 folder quota period
  while IFS= read -r folder; do
    if [[ -r $folder/cpu.max ]]; then
      read -r quota period <"$folder/cpu.max" || true
    else
      quota=$(number_in "$folder/cpu.cfs_quota_us") && period=$(number_in "$folder/cpu.cfs_period_us") || continue
    fi
    [[ $quota =~ ^[0-9]+$ && $period =~ ^[1-9][0-9]*$ ]] || continue
    ((quota / period >= most)) || most=$((quota / period))
  done < <(control_groups "$1" cpu)
  printf '%s' $((most > 0 ? most : 1))
}

# between LEAST VALUE MOST
between() { printf '%s' $(($2 < $1 ? $1 : $2 > $3 ? $3 : $2)); }

# driver_memory TOTAL: MiB of heap.
driver_memory() { between 1024 $(($1 * 3 / 4 / 6)) 4096; }

# executor_memory TOTAL WHOSE EXECUTORS DRIVER HEAP: HEAP and what an executor may take outside of it, in MiB. Three
# quarters of TOTAL are for the driver's heap and the executors. A share is a heap (a quarter; or HEAP, unless empty), the
# arrays outside the heap (the rest), and 1 GiB for everything else that a JVM and its libraries take.
executor_memory() {
  local total=$1 whose=$2 executors=$3 driver=$4 heap=$5 share native needed fewer=
  share=$(((total * 3 / 4 - driver) / executors))
  heap=${heap:-$(between 1024 $((share / 4)) 4096)}
  native=$(between 1024 $((share - heap - 1024)) 16384)
  needed=$((driver + executors * (heap + native + 1024)))
  ((executors == 1)) || fewer=', or say --conf spark.executor.instances=1'
  if ((driver + executors * heap > total)); then
    echo "Cannot run $executors executors: heaps of $heap MiB each and the driver's of $driver are more than the $total MiB $whose; give more$fewer" >&2
    return 1
  fi
  ((needed <= total)) \
    || echo "submit.sh: there may be too little memory: $total MiB $whose, and a run may take $needed: $driver for the driver, $((heap + native + 1024)) for each executor ($heap heap, $native arrays, 1024 the rest), executors: $executors; what takes too much is ended by the kernel; give more$fewer" >&2
  printf '%s %s\n' "$heap" "$native"
}

# missing_locale TEXT: the locale that Java's processes lack, by what -XshowSettings:properties says of one. Java reads the
# names of files in the characters of its locale, and cannot open others. Where that has ASCII only (LC_ALL=C, or a locale
# that is not installed) they get one that has them all, if there is one.
missing_locale() {
  local name
  [[ $1 =~ sun\.jnu\.encoding\ =\ (ANSI_X3\.4-1968|US-ASCII|ASCII|646) ]] || return 0
  for name in C.UTF-8 en_US.UTF-8; do
    if knows_utf8 "$name"; then
      printf '%s' "$name"
      return
    fi
  done
}

# knows_utf8 LOCALE: two bytes are one letter in it.
knows_utf8() (
  LC_ALL=$1 letter=$'\xc3\xa9'
  ((${#letter} == 1))
) 2>/dev/null
