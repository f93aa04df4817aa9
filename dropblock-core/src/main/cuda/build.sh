#!/usr/bin/env bash
# Makes dropblock.ptx of these sources: text that NVIDIA's driver compiles for the GPU it finds. It is committed, so that a
# build of the project needs a JDK only; run this after a change here (nvcc of CUDA 13), and commit what it makes:
#   dropblock-core/src/main/cuda/build.sh [FILE]
# CudaProgramTest tells when that was forgotten.
#
# CUDA 13 compiles for compute capability 7.5 and later and marks its text as readable by drivers of its own age. None of
# the instructions in it is newer than PTX 6.0 and capability 5.0, so the text says so: one text for all drivers and GPUs
# from Maxwell on. The check for newer instructions is below.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
out=${1:-../resources/io/dropblock/op/dropblock.ptx}
made=$(mktemp)
trap 'rm -f -- "$made"' EXIT

nvcc -std=c++17 -O3 -arch=compute_75 --fmad=false -ptx dropblock.cu -o "$made"

# Instructions of PTX ISA 6.0 for sm_50 that the program may use, without their types: those its sources need, no more.
known='abs|add|and|atom\.(global|shared)\.add|bar\.sync|bfe|bfi|bra|bra\.uni|cvt(\.rn|\.rzi)?|cvta\.to\.global|cvta\.shared'
known+='|div|div\.rn|ld(\.param|\.global|\.global\.nc|\.shared|\.volatile\.global)?(\.v2|\.v4)?|mad\.lo|mad\.wide|max|membar\.gl'
known+='|min|mov|mul(\.rn)?|mul\.hi|mul\.lo|mul\.wide|neg|not|or|popc|rem|ret|selp|setp\.[a-z]+|shl|shr|st(\.global|\.shared)?(\.v2|\.v4)?'
known+='|sub|xor'
types='(\.pred|\.(b|u|s|f)(8|16|32|64))*'
unknown=$(sed -E 's,//.*,,; s/[{}]//g; s/^[[:space:]]*(@!?%p[0-9]+[[:space:]]+)?//' "$made" |
  grep -E '^[a-z][a-z0-9._]*([[:space:];]|$)' | sed -E 's/[[:space:];].*//' | sort -u | grep -vxE "($known)$types" || true)
if [[ -n $unknown ]]; then
  printf 'Cannot lower the header: look up these instructions in the PTX ISA, and write the source without them\n%s\n' "$unknown" >&2
  exit 1
fi

hash=$(LC_ALL=C cat build.sh *.cu *.cuh | sha256sum | cut -d ' ' -f 1)
mkdir -p -- "$(dirname -- "$out")"
{
  printf '// DropBlock, made by build.sh of the sources with SHA-256 %s\n' "$hash"
  sed -E 's/^\.version .*/.version 6.0/; s/^\.target .*/.target sm_50/; s,[[:space:]]*//.*,,; /^[[:space:]]*$/d' "$made"
} > "$out"
