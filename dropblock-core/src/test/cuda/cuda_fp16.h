/* What dropblock.cu takes of CUDA's header, in integers and floats. */
#pragma once
#include <cmath>
#include <cstring>

typedef unsigned short __half;

static inline __half __ushort_as_half(unsigned short bits) { return bits; }
static inline unsigned short __half_as_ushort(__half half) { return half; }

static inline float __half2float(__half half) {
  int exponent = half >> 10 & 31, fraction = half & 1023;
  float size = exponent == 0    ? std::ldexp((float)fraction, -24)
               : exponent < 31 ? std::ldexp((float)(1024 + fraction), exponent - 25)
               : fraction == 0 ? INFINITY
                               : NAN;
  return std::copysign(size, half >> 15 ? -1.0f : 1.0f);
}

static inline __half __float2half_rn(float x) {
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  unsigned size = bits & 0x7FFFFFFF, sign = bits >> 16 & 0x8000;
  if (size > 0x7F800000) {
    return 0x7FFF; /* not a number: as GPUs do */
  }
  if (size >= 0x477FF000) {
    return (__half)(sign | 0x7C00); /* from 65520 on */
  }
  if (size < 0x38800000) { /* below 2^-14: multiples of 2^-24, ties to even */
    return (__half)(sign | (unsigned)std::nearbyint(std::fabs(x) * 0x1p24f));
  }
  return (__half)(sign | (size - 0x38000000 + 0xFFF + (size >> 13 & 1)) >> 13);
}
