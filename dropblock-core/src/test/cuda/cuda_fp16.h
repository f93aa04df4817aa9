/* What dropblock.cu takes of CUDA's header, by the compiler's own half type. */
#pragma once
#include <cstring>

typedef unsigned short __half;

static inline __half __ushort_as_half(unsigned short bits) { return bits; }
static inline unsigned short __half_as_ushort(__half half) { return half; }

static inline float __half2float(__half half) {
  _Float16 number;
  memcpy(&number, &half, sizeof number);
  return (float)number;
}

static inline __half __float2half_rn(float x) {
  if (x != x) {
    return 0x7FFF; /* as GPUs do */
  }
  _Float16 number = (_Float16)x;
  __half half;
  memcpy(&half, &number, sizeof half);
  return half;
}
