#!/usr/bin/env bash
# How fast is predict beside the network alone? Prints images per second of both on one and the same core, with the same batch,
# and the first as a share of the second. For predict that is the time of ROUNDS times the images more than once: what a job costs
# that has no images, and code that is still being compiled, are left out.
#
#   docs/trials/predict-rate.sh RUN MODEL IMAGES OUT [BATCH] [ROUNDS]
#
#   RUN      a run folder
#   MODEL    its network as "bench step --model" has it, such as resnet50 or cifar-resnet20, and the size of its images behind a
#            colon where that is another one: resnet50:160
#   IMAGES   a folder of a few hundred JPEGs or PNGs
#   OUT      a folder that does not exist yet
#   BATCH    8 if left out
#   ROUNDS   4 if left out
#
# Needs a Linux with taskset, a build, and a machine that does nothing else. Ends with 1 where the share is below 0.9.
set -euo pipefail

(($# >= 4)) || { sed -n '2,17s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
run=$1 model=${2%%:*} size=${2#*:} images=$(realpath -- "$3") out=$4 batch=${5:-8} rounds=${6:-4}
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
mkdir -p -- "$out/once" "$out/often"
out=$(realpath -- "$out")
ln -s "$images" "$out/once/0"
for ((i = 0; i <= rounds; i++)); do ln -s "$images" "$out/often/$i"; done

predicted() { # NAME: images and seconds
  taskset -c 0 "$root/submit.sh" --conf 'spark.master=local[1]' \
    predict "$run" --images "$out/$1" --out "$out/rows-$1" --batch "$batch" >"$out/$1.txt" 2>&1 || { cat "$out/$1.txt" >&2; exit 1; }
  sed -n 's/,//g; s/^Predicted \([0-9]*\) images in \([0-9.]*\) s.*/\1 \2/p' "$out/$1.txt"
}

once=$(predicted once)
often=$(predicted often)
sized=()
[[ $size == "$2" ]] || sized=(--size "$size")
taskset -c 0 "$root/submit.sh" bench step --model "$model" ${sized[@]+"${sized[@]}"} \
  --batch "$batch" --threads 1 --json "$out/step.json"
python3 - "$out/step.json" $once $often <<'PYTHON'
import json, sys
figures = json.load(open(sys.argv[1]))["figures"]
alone = max(it["images_per_second"] for it in figures if it["kind"] == "inference")
images, seconds, more_images, more_seconds = map(float, sys.argv[2:6])
rate = (more_images - images) / (more_seconds - seconds)
print(f"predict {rate:.1f} images/s, the network alone {alone:.1f} images/s: {rate / alone:.2f}")
sys.exit(rate < .9 * alone)
PYTHON
