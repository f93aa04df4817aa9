# Sourced by submit.sh: a Spark that is not ours. What SPARK_HOME must be, and what is taken of the user's SPARK_CONF_DIR.

# check_spark: SPARK_HOME, made absolute, is a Spark 3.5 for Scala 2.12.
check_spark() {
  local jar name found=()
  [[ -x $SPARK_HOME/bin/spark-submit ]] \
    || fail "Cannot use SPARK_HOME=$SPARK_HOME: it holds no bin/spark-submit; unset it to let submit.sh fetch what is needed"
  # Executors have working folders of their own.
  SPARK_HOME=$(cd -- "$SPARK_HOME" && pwd)
  for jar in "$SPARK_HOME"/jars/spark-core*.jar; do
    name=${jar##*/}
    [[ $name != *-tests.jar && $name != *-sources.jar && $name != *-javadoc.jar ]] || continue
    [[ -e $jar || ! -L $jar ]] \
      || fail "Cannot use SPARK_HOME=$SPARK_HOME: jars/$name is a link to $(readlink -- "$jar"), which is not there"
    [[ -e $jar ]] || continue
    # A link may leave the version out.
    [[ $name == spark-core_*-[0-9]* || ! -L $jar ]] || { name=$(readlink -f -- "$jar"); name=${name##*/}; }
    [[ $name == spark-core_2.12-3.5.* ]] \
      || fail "Cannot use SPARK_HOME=$SPARK_HOME: jars/$name is not Spark 3.5 for Scala 2.12"
    found+=("$name")
  done
  ((${#found[@]} > 0)) \
    || fail "Cannot use SPARK_HOME=$SPARK_HOME: it holds no jars/spark-core_2.12-3.5.*.jar, so it is not Spark 3.5 for Scala 2.12"
  ((${#found[@]} == 1)) \
    || fail "Cannot use SPARK_HOME=$SPARK_HOME: it holds several Sparks, jars/${found[0]} and jars/${found[1]}; leave one"
  require_hadoop
}

# A Spark "without Hadoop" finds it by SPARK_DIST_CLASSPATH, which its own spark-env.sh may set.
require_hadoop() {
  local jar
  for jar in "$SPARK_HOME"/jars/hadoop-c*.jar; do [[ ! -e $jar ]] || return 0; done
  [[ -z ${SPARK_DIST_CLASSPATH:-} && ! -e ${SPARK_CONF_DIR:-}/spark-env.sh ]] || return 0
  fail "Cannot use SPARK_HOME=$SPARK_HOME: it is a Spark without Hadoop, whose jars it is not told of; say export SPARK_DIST_CLASSPATH=\$(hadoop classpath), or export SPARK_CONF_DIR=FOLDER where its spark-env.sh says so"
}

# What the user's spark-defaults.conf says and we take, by key; and the keys that ours, or what submit.sh works out, are
# stronger than.
declare -A theirs=()
weaker=()

# setting_of KEY DEFAULT: what --conf says (the last wins), else the settings files (the first wins), else what the user's
# own spark-defaults.conf says, else DEFAULT.
setting_of() {
  local i key value file
  for ((i = ${#conf[@]} - 1; i >= 0; i--)); do
    if [[ ${conf[i]%%=*} == "$1" ]]; then
      printf '%s' "${conf[i]#*=}"
      return
    fi
  done
  for file in "${settings_files[@]}"; do
    while read -r key value; do
      if [[ $key == "$1" ]]; then
        printf '%s' "$value"
        return
      fi
    done <"$file"
  done
  printf '%s' "${theirs[$1]-$2}"
}

# next_property: the next one of the properties file on standard input, as Java reads it.
next_property() {
  local line more blank=$'[ \t\f]'
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    line=${line#"${line%%[!$' \t\f']*}"}
    [[ -n $line && $line != [#!]* ]] || continue
    while [[ $line =~ (^|[^\\])(\\\\)*\\$ ]]; do
      line=${line%\\}
      IFS= read -r more || [[ -n $more ]] || break
      more=${more%$'\r'}
      line+=${more#"${more%%[!$' \t\f']*}"}
    done
    [[ $line =~ ^([^=:$' \t\f']+)$blank*[=:]?$blank*(.*)$ ]] || continue
    property=${BASH_REMATCH[1]}
    value=${BASH_REMATCH[2]}
    value=${value%"${value##*[!$' \t\f']}"}
    return 0
  done
  return 1
}

# read_their_settings: of SPARK_CONF_DIR/spark-defaults.conf, where the user has set SPARK_CONF_DIR.
read_their_settings() {
  local property value own
  [[ -n ${SPARK_CONF_DIR:-} ]] || return 0
  [[ -d $SPARK_CONF_DIR ]] || fail "Cannot use SPARK_CONF_DIR=$SPARK_CONF_DIR: there is no such folder"
  SPARK_CONF_DIR=$(cd -- "$SPARK_CONF_DIR" && pwd)
  # Ours are known by their files; somebody may well say SPARK_CONF_DIR=cluster-configs/yarn.
  [[ -e $SPARK_CONF_DIR/spark-defaults.conf && ! $SPARK_CONF_DIR/spark-defaults.conf -ef $settings ]] || return 0
  [[ -r $SPARK_CONF_DIR/spark-defaults.conf ]] || fail "Cannot read $SPARK_CONF_DIR/spark-defaults.conf"
  while next_property; do
    [[ $property == spark.* ]] || continue
    case $property in
      # Where it runs and how large ranks are, and what no training can do with.
      spark.master | spark.submit.deployMode | spark.app.name | spark.driver.memory | spark.executor.memory | \
        spark.executor.memoryOverhead | spark.executor.memoryOverheadFactor | spark.executor.cores | \
        spark.executor.instances | spark.cores.max | spark.task.cpus | spark.dynamicAllocation.* | spark.serializer)
        weaker+=("$property")
        continue
        ;;
    esac
    own=$(theirs=() && setting_of "$property" '')
    if [[ -z $own ]]; then
      theirs[$property]=$value
    elif [[ $property == spark.@(driver|executor).extraJavaOptions ]]; then
      # Of what both say Java takes the last.
      theirs[$property]="$value $own"
    elif [[ $own != "$value" ]]; then
      weaker+=("$property")
    fi
  done <"$SPARK_CONF_DIR/spark-defaults.conf"
}

# is_secret SETTING: what its key stands for is nobody else's business.
is_secret() {
  local key=${1%%=*}
  [[ ${key,,} =~ secret|password|token|access[.]?key ]]
}

# keep_settings: a file of ours, theirs and the secrets among --conf, for spark-submit, in place of the one of ours. All on
# this machine read a command line. The strongest come last.
keep_settings() {
  local all sum key setting authenticate
  # A cluster within this process tree: nobody else need know its secret, and Spark wants to be told one.
  authenticate=$(setting_of spark.authenticate false)
  if [[ $kind == local && ${authenticate,,} == true && -z $(setting_of spark.authenticate.secret '') ]]; then
    conf+=("spark.authenticate.secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')")
  fi
  all=$(cat -- "$settings"
    for key in "${!theirs[@]}"; do printf '\n%s %s' "$key" "${theirs[$key]}"; done
    for setting in ${conf[@]+"${conf[@]}"}; do
      setting=${setting//\\/\\\\}
      ! is_secret "$setting" || printf '\n%s %s' "${setting%%=*}" "${setting#*=}"
    done)
  [[ $all != "$(<"$settings")" ]] || return 0
  sum=$(printf '%s' "$all" | cksum)
  settings=$state/settings-${sum%% *}.conf
  ! $dry_run || return 0
  mkdir -p -- "$state"
  # Who began a day ago has read them.
  find "$state" -maxdepth 1 -name 'settings-*' -mtime +0 -delete 2>/dev/null || true
  (umask 077 && printf '%s\n' "$all" >"$settings.$$" && mv -f -- "$settings.$$" "$settings")
  ((${#theirs[@]} > 0)) || return 0
  local but=
  ((${#weaker[@]} == 0)) || but=", but for what is set here: ${weaker[*]}"
  say "taking the settings of $SPARK_CONF_DIR/spark-defaults.conf$but"
}
