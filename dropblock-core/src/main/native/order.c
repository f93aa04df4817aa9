/* The order of maps in memory. */
#include "order.h"

/* Pixels at a time: what is read of some channels, and written, stays in the first cache. */
enum { PIXELS = 256 };

void channelsLast(float *y, const float *x, int64_t samples, int64_t channels, int64_t pixels,
                  int threads) {
#pragma omp parallel for schedule(static) collapse(2) num_threads(threads)
  for (int64_t sample = 0; sample < samples; sample++) {
    for (int64_t first = 0; first < pixels; first += PIXELS) {
      int64_t end = first + PIXELS < pixels ? first + PIXELS : pixels;
      for (int64_t channel = 0; channel < channels; channel++) {
        const float *from = x + (sample * channels + channel) * pixels;
        float *to = y + sample * pixels * channels + channel;
        for (int64_t pixel = first; pixel < end; pixel++) {
          to[pixel * channels] = from[pixel];
        }
      }
    }
  }
}
