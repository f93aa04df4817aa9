/* The loops of the op, compiled once for every instruction set that library.c chooses from. */
#ifndef DROPBLOCK_KERNEL_H
#define DROPBLOCK_KERNEL_H

#include <stdint.h>

/* The maps of one sample. A mask holds wordsPerMap words of 64 pixels a map, bit 1 = dropped. */
typedef struct {
  int32_t width, blockWidth;
  int32_t pixels, wordsPerMap, startColumns, starts;
  int32_t blockWords; /* from the first pixel of a block to its last */
} Geometry;

/* See GapTable.java: table[i] = P(gap >= i) in 2^-32, i = 0 ... horizon */
typedef struct {
  const int64_t *table;
  const uint16_t *guide;
  int32_t horizon, guideShift, steps;
} Gaps;

/* Philox's key, and the part of its counter that all maps of one sample have in common. */
typedef struct {
  uint64_t key;
  uint32_t step, sample;
} Stream;

/* Feature maps in the order [sample][channel][pixel] or [sample][pixel][channel], and threads. */
typedef struct {
  int64_t samples, channels, pixels;
  int32_t channelsLast, threads;
} Maps;

/* A batch normalisation, a value a channel, with or without a ReLU behind it. */
typedef struct {
  const float *gamma, *beta;
  float *mean, *variance;
  float epsilon;
  int32_t relu;
} Norm;

typedef struct {
  /*
   * Draws the blocks of some channels of one sample into words that are all 0, and returns the number
   * of pixels dropped.
   */
  int64_t (*sample)(const Geometry *, const Gaps *, const Stream *, const uint64_t *block,
                    int32_t firstChannel, int32_t channels, uint64_t *words);

  /*
   * output = input * factor where kept, input * 0 where dropped, for words first to end of one sample
   * in the order [channel][word]. "words" begins with word "first", or, where channels share a map,
   * with that map; one word behind the last is read, though not looked at. "past":
   * output is written past the caches.
   */
  void (*productFloat)(float *output, const float *input, const uint64_t *words, const Geometry *,
                       int32_t shared, int64_t first, int64_t end, float factor, int32_t past);
  void (*productDouble)(double *output, const double *input, const uint64_t *words, const Geometry *,
                        int32_t shared, int64_t first, int64_t end, double factor, int32_t past);

  /*
   * The same for memory in the order [pixel][channel], and words first to end of every map. "words"
   * are those of the whole sample.
   */
  void (*lastFloat)(float *output, const float *input, const uint64_t *words, const Geometry *,
                    int32_t channels, int32_t shared, int32_t first, int32_t end, float factor);
  void (*lastDouble)(double *output, const double *input, const uint64_t *words, const Geometry *,
                     int32_t channels, int32_t shared, int32_t first, int32_t end, double factor);

  void (*normForward)(float *y, const float *x, const Maps *, const Norm *, int training,
                      double *sums);
  void (*normBackward)(float *dx, const float *dy, const float *x, const Maps *, const Norm *,
                       float *dGamma, float *dBeta, double *sums);
  void (*sumForward)(float *y, const float *a, const float *b, int64_t count, int threads);
  void (*sumBackward)(float *dx, const float *dy, const float *y, int64_t count, int threads);
} Kernel;

extern const Kernel dropblock_baseline, dropblock_avx2, dropblock_avx512;

#endif
