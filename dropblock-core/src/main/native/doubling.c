/* Nearest upsampling to twice the sides: it waits for memory, whatever the instruction set. */
#include "doubling.h"

void doublingForward(const Doubling *d, float *y, const float *x, const float *added) {
  int64_t channels = d->channels, size = d->width * channels;
#pragma omp parallel for schedule(static) num_threads(d->threads)
  for (int64_t row = 0; row < 2 * d->rows; row++) {
    const float *from = x + row / 2 * size;
    for (int64_t column = 0; column < 2 * d->width; column++) {
      const float *pixel = from + column / 2 * channels;
      int64_t at = 2 * row * size + column * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        y[at + c] = pixel[c] + added[at + c];
      }
    }
  }
}

void doublingBackward(const Doubling *d, float *dx, const float *dy) {
  int64_t channels = d->channels, size = d->width * channels;
#pragma omp parallel for schedule(static) num_threads(d->threads)
  for (int64_t row = 0; row < d->rows; row++) {
    const float *restrict top = dy + 4 * row * size, *restrict bottom = top + 2 * size;
    for (int64_t column = 0; column < d->width; column++) {
      float *restrict to = dx + row * size + column * channels;
      int64_t left = 2 * column * channels, right = left + channels;
      for (int64_t c = 0; c < channels; c++) {
        to[c] = (top[left + c] + top[right + c]) + (bottom[left + c] + bottom[right + c]);
      }
    }
  }
}
