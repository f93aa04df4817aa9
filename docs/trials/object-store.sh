#!/usr/bin/env bash
# Does all of it work on an object store? Starts a small server that speaks S3 (S3Proxy, on 127.0.0.1, over a folder), and has
# the images, the data set and the run on s3a://, by Hadoop's own connector and Amazon's library, which Spark fetches:
#
#   prepare, check, train, kill -9 of the driver within an epoch, resume, a second writer at the same time, evaluate, predict
#
# and compares the last checkpoint, bit for bit, with a training on the local disk.
#
#   docs/trials/object-store.sh OUT [-- SUBMIT_OPTION...]
#
#   OUT      a folder that does not exist yet
#
# Options behind -- go to each submit.sh. Fetches 280 MB with Maven's client, once, and 30 MB for the server. Needs a Linux with
# bash, python3, sha256sum, two free cores and 6 GiB. Ends with 1 at the first thing that is not as it should be.
set -euo pipefail

(($# >= 1)) || { sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
out=$1
shift
[[ ${1:-} != -- ]] || shift
[[ ! -e $out ]] || { echo "Cannot write to $out: it exists" >&2; exit 2; }
mkdir -p -- "$out/store/trial" "$out/conf" "$out/server"
out=$(realpath -- "$out")
port=${PORT:-9123}
begin=$SECONDS
say() { echo "$((SECONDS - begin)) s: $1"; }
fail() { echo "FAILED: $1" >&2; exit 1; }

# ---- a server that speaks S3 ----

cat >"$out/server/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.dropblock.trial</groupId>
  <artifactId>store</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.gaul</groupId>
      <artifactId>s3proxy</artifactId>
      <version>2.1.0</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.9.0</version>
      </plugin>
    </plugins>
  </build>
</project>
XML
cat >"$out/server/s3proxy.conf" <<END
s3proxy.endpoint=http://127.0.0.1:$port
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=TRIALKEY
s3proxy.credential=trial-secret
s3proxy.ignore-unknown-headers=true
jclouds.provider=filesystem
jclouds.filesystem.basedir=$out/store
END
echo '<configuration><root level="WARN"/></configuration>' >"$out/server/logback.xml"
[[ -n ${SERVER_JARS:-} ]] || "$root/mvnw" -q -B -f "$out/server/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$out/server/jars"
java -Xmx256m "-Dlogback.configurationFile=$out/server/logback.xml" -cp "${SERVER_JARS:-$out/server/jars}/*" org.gaul.s3proxy.Main --properties "$out/server/s3proxy.conf" >"$out/server/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for ((tries = 0; tries < 60; tries++)); do
  (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$server" || fail "the server ended: $(tail -n 1 "$out/server/log")"
  sleep 0.5
done
say "the store is at http://127.0.0.1:$port"

# ---- what a user would set ----

# Keys belong into a file, and not on a command line. Markers of folders are kept as this server, unlike others, tries for ten
# seconds to delete one.
cat >"$out/conf/spark-defaults.conf" <<END
${PACKAGES-spark.jars.packages org.apache.hadoop:hadoop-aws:3.3.4}
spark.hadoop.fs.s3a.endpoint http://127.0.0.1:$port
spark.hadoop.fs.s3a.path.style.access true
spark.hadoop.fs.s3a.directory.marker.retention keep
spark.hadoop.fs.s3a.access.key TRIALKEY
spark.hadoop.fs.s3a.secret.key trial-secret
END
cp "$root/cluster-configs/local/log4j2.properties" "$out/conf"
options=("$@")
submit() { SPARK_CONF_DIR=$out/conf "$root/submit.sh" ${options[@]+"${options[@]}"} "$@"; }

python3 - "$out/images" <<'PYTHON'
import os, random, struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
draw = random.Random(1)
for split, count in (("train", 60), ("val", 12)):
    for label in range(5):
        folder = os.path.join(sys.argv[1], split, f"class {label}")
        os.makedirs(folder)
        for i in range(count):
            rows = b"".join(b"\0" + bytes((c * 50 + label * 40 + draw.randrange(40)) % 256 for _ in range(16) for c in range(3)) for _ in range(16))
            with open(os.path.join(folder, f"{i}.png"), "wb") as file:
                file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
                           + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PYTHON

small=(--set data.classes=5 --set data.size=16 --set data.pad=2 --set model.depth=20 --set train.slots=2 --set train.world=2
  --set train.local_batch=6 --set train.averaging.every=1 --set train.epochs=3 --set train.checkpoint_every=5)
train() { submit "${@:2}" train demo "${small[@]}" --data "$1/data" --run "$1/run"; }
checksums() { (cd -- "$1/checkpoints/epoch-0003" && sha256sum ./*.bin); }

# ---- the road ----

cp -R "$out/images" "$out/store/trial/images"
submit prepare s3a://trial/images --out s3a://trial/data >"$out/prepare.log" 2>&1 || fail "prepare, see $out/prepare.log"
submit prepare --check s3a://trial/data >"$out/check.log" 2>&1 || fail "prepare --check, see $out/check.log"
say "prepared and checked: $(tail -n 1 "$out/check.log")"

SPARK_CONF_DIR=$out/conf setsid "$root/submit.sh" ${options[@]+"${options[@]}"} --conf spark.dropblock.progress.interval=100ms \
  train demo "${small[@]}" --data s3a://trial/data --run s3a://trial/run >"$out/killed.log" 2>&1 &
driver=$!
for ((tries = 0; tries < 1200; tries++)); do
  [[ -z $(find "$out/store/trial/run" -path '*epoch-0001-step-*/manifest.json' 2>/dev/null) ]] || break
  kill -0 "$driver" 2>/dev/null || fail "train, see $out/killed.log"
  sleep 0.05
done
pkill -KILL -s "$driver" || true
wait "$driver" 2>/dev/null || true
say "the driver was killed; there are: $(ls "$out/store/trial/run/checkpoints" | tr '\n' ' ')"

train s3a://trial >"$out/again.log" 2>&1 && fail "a run was begun in the folder of another"
say "a second beginning is refused: $(tail -n 1 "$out/again.log")"

resume() { submit train demo "${small[@]}" --data s3a://trial/data --run s3a://trial/run --resume; }
resume >"$out/first.log" 2>&1 &
first=$!
resume >"$out/second.log" 2>&1 &
second=$!
codes=
for writer in "$first" "$second"; do
  if wait "$writer"; then codes+=0; else codes+=1; fi
done
[[ $codes == 01 || $codes == 10 ]] || fail "of two that resume at the same moment one must train: exit codes $codes, see $out/first.log and second.log"
say "resumed: $(grep -h -i 'going on\|went on\|goes on' "$out/first.log" "$out/second.log" | head -n 1)"
say "the other one is refused: $(grep -h 'another train' "$out/first.log" "$out/second.log" | head -n 1)"

submit prepare "$out/images" --out "$out/local/data" >"$out/prepare-local.log" 2>&1 || fail "prepare on the disk, see $out"
train "$out/local" >"$out/train-local.log" 2>&1 || fail "train on the disk, see $out"
say "trained on the local disk"
cmp <(checksums "$out/local/run") <(checksums "$out/store/trial/run") || fail "the bits differ from those of the local disk"
say "the last checkpoint has the bits of the one on the local disk"
submit evaluate s3a://trial/run --data s3a://trial/data >"$out/evaluate.log" 2>&1 || fail "evaluate, see $out/evaluate.log"
submit predict s3a://trial/run --images s3a://trial/images/val --out s3a://trial/predicted >"$out/predict.log" 2>&1 || fail "predict, see $out/predict.log"
say "evaluated and predicted; the run folder holds: $(ls -A "$out/store/trial/run" | tr '\n' ' ')"
left=$(find "$out/store/trial" -name '_tmp.*' -o -name '*.unfinished' -o -name '.*.lock' | tr '\n' ' ')
[[ -z $left ]] || fail "left behind: $left"
! grep -rl 'trial-secret' "$out" --include='*.log' --include='*.jsonl' || fail "the secret is in these files"
say "done"
