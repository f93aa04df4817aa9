#ifndef DROPBLOCK_UPDATE_H
#define DROPBLOCK_UPDATE_H

#include <stdint.h>

/*
 * Elements of the flat arrays that are updated alike. What the optimiser keeps of them lies in the flat
 * state, which has gaps of its own: the first array at "firstState", the next one "stride" behind it.
 */
typedef struct {
  int64_t first, count, firstState, stride;
} Piece;

/* Weight decay of a piece: coefficients of the parameter in the gradient, and in the step before the rate. */
typedef struct {
  float coupled, decoupled;
} Decay;

enum { OWN_NUMBERS = 7 };

/* Of a step: the gradient is a sum that is multiplied with "scale"; the rate; the numbers of the rule. */
typedef struct {
  float scale, rate, own[OWN_NUMBERS];
} Step;

/* In the order of UpdateRule.java. What a rule makes of g = scale * gradient + coupled * parameter: */
typedef enum {
  /*
   * Own: momentum, 1 for Nesterov's.
   * velocity = momentum * velocity + g, moved = rate * velocity or rate * (g + momentum * velocity)
   */
  MOMENTUM,
  /*
   * Own: decay, 1 - decay, momentum, epsilon.
   * square = decay * square + (1 - decay) * g^2, moved = momentum * moved + rate * g / sqrt(square + epsilon),
   * which is kept, too
   */
  RMSPROP,
  /*
   * Own: beta1, 1 - beta1, beta2, 1 - beta2, epsilon, rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t).
   * mean = beta1 * mean + (1 - beta1) * g, square = beta2 * square + (1 - beta2) * g^2,
   * moved = own[5] * mean / (own[6] * sqrt(square) + epsilon)
   */
  ADAM,
  RULES
} Rule;

/* In the gradient's place, what is to be subtracted from the parameter: moved + rate * decoupled * parameter. */
void update(Rule, const Step *, const Piece *, const Decay *, int64_t pieces, int threads, float *gradient,
            float *state, const float *parameters);

/* The sum of squares of the gradient's pieces: the same for any number of threads. "sums": one a piece. */
double sumOfSquares(const Piece *, int64_t pieces, int threads, const float *gradient, double *sums);

#endif
