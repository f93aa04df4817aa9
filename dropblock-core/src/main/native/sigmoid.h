/* The logistic function and its logarithm in float, to some units in the last place. */
#ifndef DROPBLOCK_SIGMOID_H
#define DROPBLOCK_SIGMOID_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* right: 1 / (1 + exp(-z)), wrong: 1 - right, entropy: -log right */
typedef struct {
  float right, wrong, entropy;
} Sigmoid;

/*
 * exp(x) for x <= 0, as if x were not below -87: 2^n exp(r) with |r| <= log(2) / 2. The polynomials here
 * and below are least-maximum fits of (exp(r) - 1 - r) / r^2 and of (atanh(s) / s - 1) / s^2.
 */
static inline __attribute__((always_inline)) float exponential(float x) {
  const float toInteger = 12582912; /* 1.5 * 2^23: a float of this size has no bits behind the point */
  float from = x < -87 ? -87 : x;
  float shifted = from * 1.44269504f + toInteger, n = shifted - toInteger;
  float r = (from - n * .693359375f) + n * 2.12194440e-4f;
  float p = .00139517197f;
  p = p * r + .00836959854f;
  p = p * r + .0416661873f;
  p = p * r + .166665122f;
  p = p * r + .5f;
  p = p * r * r + r + 1;
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

static inline __attribute__((always_inline)) Sigmoid sigmoidOf(float z) {
  float e = exponential(-fabsf(z));
  /* both quotients, e / (2 + e) being the s of log(1 + e) = 2 atanh(s), by one division */
  float inverse = 1 / ((1 + e) * (2 + e));
  float great = (2 + e) * inverse, s = e * (1 + e) * inverse, t = s * s;
  float p = .140122294f;
  p = p * t + .139995709f;
  p = p * t + .200108498f;
  p = p * t + .333332062f;
  float logarithm = 2 * (p * t * s + s);
  return (Sigmoid){z < 0 ? e * great : great, z < 0 ? great : e * great,
                   (z < 0 ? -z : 0) + logarithm};
}

#endif
