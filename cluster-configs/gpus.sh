#!/usr/bin/env bash
# Prints the GPUs of this host, or of this container, as Spark reads them: {"name": "gpu", "addresses": ["0", "1"]}.
# For spark.worker.resource.gpu.discoveryScript and spark.executor.resource.gpu.discoveryScript; the gpu.conf of each cluster
# kind says which. Needs nvidia-smi, which comes with NVIDIA's driver.
#
# An address is the number by which CUDA knows the GPU, in the order of the PCI bus (CUDA_DEVICE_ORDER=PCI_BUS_ID, which
# executors get). Where CUDA_VISIBLE_DEVICES picks some GPUs, CUDA counts these from 0, and nvidia-smi does not know of it.
set -euo pipefail

fail() {
  echo "Cannot find this host's GPUs: $1" >&2
  exit 1
}

command -v nvidia-smi >/dev/null || fail "nvidia-smi is not on the PATH; is NVIDIA's driver installed?"
answer=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>&1) || fail "nvidia-smi says: ${answer//$'\n'/ }"

count=0
while IFS= read -r index; do
  [[ $index =~ ^[0-9]+$ ]] || fail "nvidia-smi says: ${answer//$'\n'/ }"
  count=$((count + 1))
done <<<"$answer"

if [[ -n ${CUDA_VISIBLE_DEVICES+set} ]]; then
  IFS=, read -ra visible <<<"$CUDA_VISIBLE_DEVICES"
  ((${#visible[@]} > 0)) || fail "CUDA_VISIBLE_DEVICES is empty, which hides all of them"
  ((${#visible[@]} <= count)) || fail "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES names more than the $count there are"
  count=${#visible[@]}
fi

addresses=
for ((index = 0; index < count; index++)); do addresses+="${addresses:+, }\"$index\""; done
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
