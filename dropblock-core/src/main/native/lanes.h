/*
 * Vectors of floats, as long as the instruction set has them, and what is done with them everywhere.
 */
#ifndef DROPBLOCK_LANES_H
#define DROPBLOCK_LANES_H

#include <stdint.h>
#include <string.h>

#if defined __AVX512F__
enum { LANES = 16 };
#elif defined __AVX2__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

typedef float Lanes __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE Lanes load(const float *from) { return *(const Lanes *)from; }
INLINE void store(float *to, Lanes v) { *(Lanes *)to = v; }

/* The same of so many lanes, if they are not all there; the others are 0. */
INLINE Lanes loadSome(const float *from, int lanes) {
  if (lanes >= LANES) {
    return load(from);
  }
  float some[LANES] = {0};
  memcpy(some, from, (size_t)lanes * sizeof(float));
  return load(some);
}
INLINE void storeSome(float *to, Lanes v, int lanes) {
  if (lanes >= LANES) {
    store(to, v);
  } else {
    memcpy(to, &v, (size_t)lanes * sizeof(float));
  }
}

INLINE Lanes all(float v) { return v - (Lanes){0}; }
/* NaN stays NaN. */
INLINE Lanes positive(Lanes v) {
  typedef int32_t Bits __attribute__((vector_size(LANES * 4)));
  return (Lanes)((Bits)v & ~(Bits)(v < (Lanes){0}));
}

INLINE int64_t cut(int64_t whole, int64_t part, int64_t parts) { return whole * part / parts; }
INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
INLINE int64_t roundUp(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

/* Calls WORK(first channel, lanes) for vectors of channels, of which the last may not be whole. */
#define FOR_LANES(channels, WORK)            \
  int whole_ = (channels) / LANES * LANES;   \
  for (int c_ = 0; c_ < whole_; c_ += LANES) { \
    WORK(c_, LANES);                         \
  }                                          \
  if (whole_ < (channels)) {                 \
    WORK(whole_, (channels) - whole_);       \
  }

#endif
