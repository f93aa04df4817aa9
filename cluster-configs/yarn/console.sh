# Sourced by submit.sh: what goes to, and comes back from, an application whose driver runs in YARN's cluster.

# yaml_files ARGUMENT...: those that are YAML files of this machine, such as a recipe, by their full paths, one a line.
yaml_files() {
  local argument
  for argument; do
    [[ $argument =~ \.ya?ml$ && -f $argument ]] || continue
    [[ $argument == /* ]] || argument=$PWD/$argument
    [[ $argument != *,* ]] || fail "Cannot send $argument to the driver: there is a comma in its path" 2
    printf '%s\n' "$argument"
  done
}

# value_of OPTION WORD...: what is said behind OPTION, or with = in one word.
value_of() {
  local option=$1
  shift
  while (($# > 0)); do
    case $1 in
      "$option") printf '%s' "${2-}"; return ;;
      "$option="*) printf '%s' "${1#*=}"; return ;;
    esac
    shift
  done
}

# in_cluster RESULTS COMMAND...: runs Spark's client, which waits for the application, and ends with the program's exit
# code. Of what the client says the few lines are shown that somebody needs. RESULTS is the folder that the user named.
in_cluster() {
  local results=$1 client shown pipe code=0 told=0
  shift
  exec {pipe}> >(shown_of_client "$results")
  shown=$!
  "$@" >&"$pipe" 2>&1 &
  client=$!
  # A shell starts what is in the background without an ear for Ctrl-C. The application goes on without its client.
  trap 'kill -TERM "$client" 2>/dev/null' INT TERM HUP
  exec {pipe}>&-
  wait "$client" || code=$?
  while kill -0 "$client" 2>/dev/null; do wait "$client" || true; done
  wait "$shown" || told=$?
  ((code == 0 || code > 128)) && return "$code"
  return $((told > 0 ? told : code))
}

# shown_of_client RESULTS: its input is what Spark's client says. Its status is the exit code that the program told.
shown_of_client() {
  local results=$1 line id= state= url= code=0 end= told=false why=
  # Ctrl-C is for the client
  trap '' INT
  while IFS= read -r line; do
    # In a report, a line for each thing. What of it is told below comes again there.
    case $line in
      $'\t diagnostics: '*) told=true ;;
      $'\t '*) told=false ;;
    esac
    if [[ $line =~ ^($'\t'at\ |$'\t'\.\.\.\ |Caused\ by:\ ) ]]; then
      : # behind an exception
    elif [[ $line =~ ^Submitting\ application\ (application_[0-9_]+)\  ]]; then
      id=${BASH_REMATCH[1]}
      say "submitted as $id; what the program says: yarn logs -applicationId $id${results:+; its folder: $results}"
    elif [[ $line =~ ^Application\ report\ for\ .*state:\ ([A-Z]+) ]]; then
      state=${BASH_REMATCH[1]}
    elif [[ $line =~ ^$'\t'\ tracking\ URL:\ (http.*) ]]; then
      if [[ $state == RUNNING && $url != "${BASH_REMATCH[1]}" ]]; then
        url=${BASH_REMATCH[1]}
        say "it runs; watch it: $url"
      elif [[ $state == ACCEPTED && -z $url ]]; then
        url=accepted
        say "it waits for room for its driver"
      fi
    elif [[ $line == "Application diagnostics message: "* ]]; then
      end=failed
      told=false
      line=${line#Application diagnostics message: }
      if [[ $line == "User class threw exception: "* ]]; then
        line=${line#User class threw exception: }
        [[ ! $line =~ ^\(exit\ code\ ([0-9]+)\)\  ]] || code=${BASH_REMATCH[1]}
        printf '%s\n' "${line#(exit code *) }" >&2
      else
        # The container ended before it could say so itself: the end of its log is quoted.
        why=$line$'\n'
      fi
    elif [[ $line =~ ^Exception\ in\ thread.*\ Application\ (application_[0-9_]+)\ (finished\ with|is\ killed) ]]; then
      id=${BASH_REMATCH[1]}
      end=failed
      [[ ${BASH_REMATCH[2]} != is\ killed ]] || end='was killed'
      [[ -z $why || $code != 0 ]] || printf '%s' "$why" >&2
      why=
    elif [[ -n $why ]]; then
      if [[ $line =~ ^\(exit\ code\ ([0-9]+)\)\ (.*) ]]; then
        ((code != 0)) || printf '%s\n' "${BASH_REMATCH[2]}" >&2
        code=${BASH_REMATCH[1]}
      else
        why+=$line$'\n'
      fi
    elif [[ $line == $'\t '* || $line =~ ^(Requesting|Verifying|Will\ allocate|Setting\ up|Preparing|Uploading|Source\ and\ dest|Deleted\ staging) ]]; then
      :
    elif [[ -n $line ]] && ! $told; then
      printf '%s\n' "$line" >&2
    fi
  done
  [[ -n $id ]] || return "$code"
  if [[ -n $end ]]; then
    say "$id $end; all that it said: yarn logs -applicationId $id"
  elif [[ $state == FINISHED ]]; then
    say "$id is done${results:+; its folder: $results}"
  else
    say "$id may go on; see yarn application -status $id, and to end it yarn application -kill $id"
  fi
  return "$code"
}
