/* Compiled with another -march and another KERNEL for every instruction set, as kernel.c is. */
#include "upsample.h"

#include <string.h>

/* Where a pixel of the output reads: "rest" of the way from one pixel of the input to another. */
typedef struct {
  int64_t from, to;
  float rest;
} Place;

static Place placeOf(int64_t i, int64_t inputs, int64_t outputs) {
  int64_t steps = outputs > 1 ? outputs - 1 : 1, way = i * (inputs - 1);
  int64_t from = way / steps, rest = way % steps;
  return (Place){from, from + (rest > 0), (float)rest / (float)steps};
}

static inline float between(float a, float b, float rest) { return a + (b - a) * rest; }

static const float *rowOf(const Upsampling *u, const float *x, int64_t sample, int64_t row) {
  return x + (sample * u->height + row) * u->width * u->channels;
}

static inline float blend(const float *top, const float *bottom, int64_t left, int64_t right,
                          float restRow, float restColumn) {
  return between(between(top[left], top[right], restColumn),
                 between(bottom[left], bottom[right], restColumn), restRow);
}

static void forward(const Upsampling *u, float *y, const float *x, const float *added) {
  int64_t channels = u->channels;
#pragma omp parallel for collapse(2) schedule(static) num_threads(u->threads)
  for (int64_t sample = 0; sample < u->samples; sample++) {
    for (int64_t i = 0; i < u->outHeight; i++) {
      Place row = placeOf(i, u->height, u->outHeight);
      const float *top = rowOf(u, x, sample, row.from), *bottom = rowOf(u, x, sample, row.to);
      for (int64_t j = 0; j < u->outWidth; j++) {
        Place column = placeOf(j, u->width, u->outWidth);
        int64_t left = column.from * channels, right = column.to * channels;
        int64_t at = ((sample * u->outHeight + i) * u->outWidth + j) * channels;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
          y[at + c] =
              blend(top, bottom, left + c, right + c, row.rest, column.rest) + added[at + c];
        }
      }
    }
  }
}

/* dx += weight dy */
static void addScaled(float *dx, const float *dy, float weight, int64_t channels) {
#pragma omp simd
  for (int64_t c = 0; c < channels; c++) {
    dx[c] += weight * dy[c];
  }
}

/* Adds a row of the gradient to one of its two places. */
static void addRow(const Upsampling *u, float *dx, const float *dy, float weight) {
  int64_t channels = u->channels;
  for (int64_t j = 0; j < u->outWidth; j++, dy += channels) {
    Place column = placeOf(j, u->width, u->outWidth);
    addScaled(dx + column.from * channels, dy, weight * (1 - column.rest), channels);
    if (column.rest > 0) {
      addScaled(dx + column.to * channels, dy, weight * column.rest, channels);
    }
  }
}

/* Row by row of dx, each of which one thread sums up, always in the same order. */
static void backward(const Upsampling *u, float *dx, const float *dy) {
  int64_t size = (int64_t)u->width * u->channels, outSize = (int64_t)u->outWidth * u->channels;
#pragma omp parallel for collapse(2) schedule(static) num_threads(u->threads)
  for (int64_t sample = 0; sample < u->samples; sample++) {
    for (int64_t row = 0; row < u->height; row++) {
      float *to = dx + (sample * u->height + row) * size;
      memset(to, 0, (size_t)size * sizeof(float));
      for (int64_t i = 0; i < u->outHeight; i++) {
        Place place = placeOf(i, u->height, u->outHeight);
        float weight = place.from == row ? 1 - place.rest : place.to == row ? place.rest : 0;
        if (weight > 0) {
          addRow(u, to, dy + (sample * u->outHeight + i) * outSize, weight);
        }
      }
    }
  }
}

static void argMax(const Upsampling *u, uint8_t *labels, const float *x) {
  int64_t channels = u->channels;
#pragma omp parallel for collapse(2) schedule(static) num_threads(u->threads)
  for (int64_t sample = 0; sample < u->samples; sample++) {
    for (int64_t i = 0; i < u->outHeight; i++) {
      Place row = placeOf(i, u->height, u->outHeight);
      const float *top = rowOf(u, x, sample, row.from), *bottom = rowOf(u, x, sample, row.to);
      uint8_t *to = labels + (sample * u->outHeight + i) * u->outWidth;
      for (int64_t j = 0; j < u->outWidth; j++) {
        Place column = placeOf(j, u->width, u->outWidth);
        int64_t left = column.from * channels, right = column.to * channels;
        float values[MOST_CLASSES];
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
          values[c] = blend(top, bottom, left + c, right + c, row.rest, column.rest);
        }
        int64_t best = 0;
        for (int64_t c = 1; c < channels; c++) {
          best = values[c] > values[best] ? c : best;
        }
        to[j] = (uint8_t)best;
      }
    }
  }
}

const Upsampler KERNEL = {forward, backward, argMax};
