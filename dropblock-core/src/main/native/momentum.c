/*
 * Momentum with weight decay in one pass: it waits for memory, whatever the instruction set.
 */
#include "momentum.h"

void momentumUpdate(const Momentum *m, const Piece *of, const float *decays, int64_t pieces,
                    float *gradient, float *velocity, const float *parameters) {
#pragma omp parallel for schedule(static) num_threads(m->threads)
  for (int64_t piece = 0; piece < pieces; piece++) {
    float *restrict g = gradient + of[piece].first;
    float *restrict v = velocity + of[piece].firstVelocity;
    const float *restrict p = parameters + of[piece].first;
    float scale = m->scale, rate = m->rate, momentum = m->momentum, decay = decays[piece];
    int32_t nesterov = m->nesterov;
    for (int64_t i = 0; i < of[piece].count; i++) {
      float decayed = scale * g[i] + decay * p[i];
      float after = momentum * v[i] + decayed;
      v[i] = after;
      g[i] = rate * (nesterov ? decayed + momentum * after : after);
    }
  }
}
