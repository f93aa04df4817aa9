#include "resample.h"

#include <string.h>

// Products and sums stay apart, so that both give the same numbers.
#define WIDEST __attribute__((target_clones("avx2", "default")))

typedef float pixel __attribute__((vector_size(16)));

size_t resample_scratch(const struct square *square) { return sizeof(pixel) * (size_t) square->width; }

WIDEST void resample_widen(const unsigned char *restrict from, float *restrict to, int width) {
  for (int i = 0; i < 4 * width; i++) {
    to[i] = from[i];
  }
}

static inline __attribute__((always_inline)) void down(float *const rows[4], const float weight[4], float *restrict to, int count) {
  const float *restrict a = rows[0], *restrict b = rows[1], *restrict c = rows[2], *restrict d = rows[3];
  float p = weight[0], q = weight[1], r = weight[2], s = weight[3];
  for (int i = 0; i < count; i++) {
    to[i] = a[i] * p + b[i] * q + c[i] * r + d[i] * s;
  }
}

WIDEST void resample_row(const struct square *square, int y, float *const rows[4], float *scratch, float *out,
    size_t plane) {
  down(rows, square->down.weight + 4 * y, scratch, 4 * square->width);
  const pixel *line = (const pixel *) scratch;
  pixel mean = {square->mean[0], square->mean[1], square->mean[2], 0};
  pixel scale = {square->scale[0], square->scale[1], square->scale[2], 1};
  int size = square->size;
  const int *index = square->across.index;
  const float *weight = square->across.weight;
  float *red = out, *green = out + plane, *blue = out + 2 * plane;
  for (int x = 0; x < size; x++, index += 4, weight += 4) {
    pixel sum = line[index[0]] * weight[0] + line[index[1]] * weight[1] + line[index[2]] * weight[2]
        + line[index[3]] * weight[3];
    pixel value = (sum - mean) * scale;
    int to = square->mirror ? size - 1 - x : x;
    red[to] = value[0];
    green[to] = value[1];
    blue[to] = value[2];
  }
}
