#!/usr/bin/env bash
# Does predict need more memory for more images? Predicts tars of 1,000 and of COUNT tiny PNGs (4 x 4 pixels) in one JVM with a
# small heap, counts the rows, and prints the most that was left in the heap behind a garbage collection.
#
#   docs/trials/predict-many.sh RUN OUT [COUNT] [HEAP]
#
#   RUN      a run folder of a small network that gives an image a class, such as the demo's
#   OUT      a folder that does not exist yet
#   COUNT    100000 if left out
#   HEAP     of the JVM, 320m if left out: the pixels of 100,000 images of 32 x 32 take 1.2 GB as the network reads them
#
# Ends with 1 where the figures differ by more than 60 MB and a kilobyte an image, for their names. Needs python3 and a build.
set -euo pipefail

(($# >= 2)) || { sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
run=$1 out=$2 count=${3:-100000} heap=${4:-320m}
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
mkdir -p -- "$out"
out=$(realpath -- "$out")

tar_of() { # NUMBER
  python3 - "$1" "$out/$1.tar" <<'PYTHON'
import io, random, struct, sys, tarfile, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
draw = random.Random(1)
with tarfile.open(sys.argv[2], "w") as tar:
    for i in range(int(sys.argv[1])):
        rows = b"".join(b"\0" + draw.randbytes(12) for _ in range(4))
        png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
        entry = tarfile.TarInfo(f"images/{i // 1000:03d}/{i:09d}.png")
        entry.size = len(png)
        tar.addfile(entry, io.BytesIO(png))
PYTHON
}

most_left() { # NUMBER: MB
  sed -n 's/.*Pause.*->\([0-9]*\)M(.*/\1/p' "$out/gc-$1".*.log | sort -n | tail -n 1
}

declare -A left
for images in 1000 "$count"; do
  tar_of "$images"
  begin=$SECONDS
  JAVA_TOOL_OPTIONS="-Xlog:gc:file=$out/gc-$images.%p.log" "$root/submit.sh" \
    --conf 'spark.master=local[2]' --conf "spark.driver.memory=$heap" \
    predict "$run" --images "$out/$images.tar" --out "$out/rows-$images" --batch 32 >"$out/printed-$images.txt" 2>&1 \
    || { cat "$out/printed-$images.txt" >&2; exit 1; }
  grep Predicted "$out/printed-$images.txt"
  left[$images]=$(most_left "$images")
  echo "$images images: at most ${left[$images]} MB left in the heap of $heap, $((SECONDS - begin)) s"
done
((left[$count] - left[1000] <= 60 + count / 1000)) || { echo "It grows with the images" >&2; exit 1; }
