#ifndef DROPBLOCK_MOMENTUM_H
#define DROPBLOCK_MOMENTUM_H

#include <stdint.h>

/* Elements of the flat arrays that are updated alike. The velocity has gaps of its own. */
typedef struct {
  int64_t first, count, firstVelocity;
} Piece;

/* Of a step: the gradient is a sum that is multiplied with "scale". */
typedef struct {
  float scale, rate, momentum;
  int32_t nesterov, threads;
} Momentum;

/*
 * g = scale * gradient + decay * parameter, velocity = momentum * velocity + g, and in the gradient's
 * place what is to be subtracted from the parameter: rate * velocity, or Nesterov's
 * rate * (g + momentum * velocity).
 */
void momentumUpdate(const Momentum *, const Piece *, const float *decays, int64_t pieces,
                    float *gradient, float *velocity, const float *parameters);

#endif
