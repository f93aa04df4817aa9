# Sourced by submit.sh: what it makes once and keeps. The jar is in the checkout; Spark, the folders of executors and the
# archive of classes are in .spark-runtime, or in a folder of the user's where that cannot be written.

say() { echo "submit.sh: $1" >&2; }

# can_write FOLDER: it can be written, or made.
can_write() {
  local folder=$1
  while [[ ! -e $folder && ! -L $folder ]]; do folder=$(dirname -- "$folder"); done
  [[ -d $folder && -w $folder && -x $folder ]]
}

# can_execute FOLDER: programs in it may run; where it is mounted noexec, no native library of it can be loaded.
can_execute() {
  local file=$1/.dropblock.$$ works=false
  printf '#!/bin/sh\n' 2>/dev/null >"$file" && chmod u+x "$file" && "$file" 2>/dev/null && works=true
  rm -f "$file" 2>/dev/null
  $works
} 2>/dev/null

# link TARGET LINK
link() {
  ! $dry_run || return 0
  mkdir -p -m 700 "$(dirname -- "$2")"
  ln -sfn -- "$1" "$2"
}

# own_folder: a folder for this checkout that the user can write and a class path can name.
own_folder() {
  local above sum
  sum=$(printf '%s' "$root" | cksum)
  for above in "${XDG_CACHE_HOME:-}" "${HOME:+$HOME/.cache}" "${TMPDIR:-}" /tmp /var/tmp; do
    above=$above/dropblock-$UID
    [[ $above == /?*/* && $above != *:* ]] && can_write "$above" || continue
    [[ ! -e $above || -O $above ]] || continue
    printf '%s/%s' "$above" "${sum%% *}"
    return
  done
  fail "Cannot keep anything for $root: neither it nor ~/.cache nor /tmp can be written; set XDG_CACHE_HOME to a folder that can be"
}

needs_jar() { [[ $jar == "$built_jar" && -n $(jar_cause "$1") ]]; }
needs_runtime() { [[ -z ${SPARK_HOME:-} ]] && ! has_runtime "$runtime"; }
needs_archive() { $here && ! asks_help "$@" && [[ $1 != describe && $1 != bench ]] && ! has_archive; }

# make_artifacts COMMAND [ARGUMENT]...: what is missing of what it needs. One at a time: a second submit.sh waits for the
# first one's build.
make_artifacts() {
  [[ $1 == --prepare-runtime ]] || needs_jar "$1" || needs_runtime || needs_archive "$@" || return 0
  mkdir -p "$state"
  {
    flock 9 2>/dev/null || true
    [[ $1 == --prepare-runtime ]] || ! needs_jar "$1" || build_jar "$1"
    ! needs_runtime || assemble_runtime
    [[ $1 == --prepare-runtime ]] || ! needs_archive "$@" || archive_classes
  } 9>"$state/lock"
}

# jar_cause COMMAND: why the jar must be built; nothing, if it need not be. bench has another one, of the same build.
jar_cause() {
  local file
  if [[ ! -f $built_jar ]] || [[ $1 == bench && ! -f $bench_jar ]]; then
    printf 'there is none yet'
    return
  fi
  shopt -s globstar nullglob
  for file in "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main/**; do
    if [[ $file -nt $built_jar ]]; then
      printf 'sources are newer'
      return
    fi
  done
}

build_jar() {
  local cause
  cause=$(jar_cause "$1")
  [[ -n $cause ]] || return 0
  if ! can_write "${built_jar%/*}"; then
    [[ -f $built_jar ]] || fail "Cannot build the jar: $root cannot be written; build it elsewhere and say --jar FILE"
    say "$cause than the jar, and $root cannot be written: going on with the jar that is there"
    return
  fi
  [[ -x ${java%/*}/javac || -n $(command -v javac) ]] || fail "Cannot build the jar: $java comes without javac; install a JDK 17, not a JRE"
  say "building the jar ($cause); about a minute, a few more the first time to fetch the libraries"
  (cd "$root" && ./mvnw -q -B "${build_options[@]}" package) \
    || fail "Cannot build the jar: ./mvnw ${build_options[*]} package failed, see above"
}

runtime_stamp() { cat "$root/pom.xml" "$root/cluster-configs/local/pom.xml" "$root"/cluster-configs/local/bin/* | cksum; }

# has_runtime FOLDER: it is whole. Its stamp, that of the poms, is written last.
has_runtime() { [[ -f $1/stamp && $(<"$1/stamp") == "$(runtime_stamp)" ]]; }

assemble_runtime() {
  ! has_runtime "$runtime" || return 0
  say "fetching what is needed of Spark to $runtime, 210 MB; once, a minute or a few"
  rm -rf "$runtime/stamp" "$runtime/new"
  mkdir -p "$runtime/new"
  (cd "$root" && ./mvnw -q -B -f cluster-configs/local/pom.xml dependency:copy-dependencies \
    "-DoutputDirectory=$runtime/new/jars" -DincludeScope=runtime) \
    || fail "Cannot assemble the Spark runtime: Maven could not fetch it, see above; or set SPARK_HOME to a Spark 3.5"
  cp -R "$root/cluster-configs/local/bin" "$runtime/new/bin"
  rm -rf "$runtime/jars" "$runtime/bin"
  mv "$runtime/new/jars" "$runtime/new/bin" "$runtime"
  rmdir "$runtime/new"
  runtime_stamp >"$runtime/stamp"
}

# has_archive: the classes are archived as they are, or could not be.
archive_stamp() { printf '%s\n' "$java_version $java $class_path"; }
has_archive() {
  [[ -f $archive.stamp && ! $jar -nt $archive.stamp && ! $class_list -nt $archive.stamp && ! $spark_home/jars -nt $archive.stamp ]] \
    && [[ $(<"$archive.stamp") == "$(archive_stamp)" ]]
}

# Half of a start is the loading of 10,000 classes. From an archive of Java's they are mapped, by driver and executors.
archive_classes() {
  ! has_archive || return 0
  say "archiving the classes of $jar for a faster start; once, about ten seconds"
  rm -f "$archive" "$archive.stamp"
  if "$java" -Xshare:dump "-XX:SharedClassListFile=$class_list" "-XX:SharedArchiveFile=$archive.new" -Xmx1g \
    -cp "$class_path" >"$archive.log" 2>&1; then
    mv -f "$archive.new" "$archive"
  else
    say "going on without the archive: $(grep -i -m 1 'error\|cannot' "$archive.log" || printf 'see %s' "$archive.log")"
    rm -f "$archive.new"
  fi
  archive_stamp >"$archive.stamp"
}

# Embedded executors work under work/app-*. Of runs that are over the jars go at once, and all but the last five folders
# (stdout, stderr). A folder in use is the working directory of some process.
tidy_work() {
  local app kept=0
  [[ -d $state/work && -d /proc/self ]] && command -v find >/dev/null || return 0
  while IFS= read -r app; do
    [[ -z $(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$state/work/$app/*" -print -quit 2>/dev/null) ]] || continue
    [[ -z $(find "$state/work/$app" -maxdepth 0 -mmin -1) ]] || continue
    if ((++kept > 5)); then
      rm -rf "${state:?}/work/$app"
    else
      rm -f "$state/work/$app"/*/*.jar
    fi
  done < <(cd "$state/work" && ls -t)
}
