# Sourced by submit.sh: words of command lines, read and written.

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

# mebibytes KEY VALUE: a size as Spark writes them (512m, 4g; a bare number is MiB).
mebibytes() {
  local size=${2,,}
  [[ ${size%b} =~ ^([0-9]{1,12})([kmgt]?)$ ]] || fail "Invalid $1: $2 (write a size such as 512m or 4g)" 2
  size=$((10#${BASH_REMATCH[1]}))
  case ${BASH_REMATCH[2]} in
    k) echo $((size / 1024)) ;;
    g) echo $((size * 1024)) ;;
    t) echo $((size * 1024 * 1024)) ;;
    *) echo "$size" ;;
  esac
}

# whole KEY VALUE
whole() {
  [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "Invalid $1: $2 (write a number from 1)" 2
  echo "$2"
}

# as_one WORD...: as Spark takes Java's options apart again.
as_one() {
  local word all=
  for word; do
    word=${word//\\/\\\\}
    all+="${all:+ }\"${word//\"/\\\"}\""
  done
  printf '%s' "$all"
}

# quote WORD: as a shell reads it.
quote() {
  if [[ $1 =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then
    printf '%s' "$1"
  else
    printf "'%s'" "${1//\'/\'\\\'\'}"
  fi
}
