/*
 * Updates of parameters in one pass over gradient, state and parameters: it waits for memory, whatever the
 * instruction set.
 */
#include "update.h"

#include <math.h>

/* The arrays at a piece: gradient, parameters, and what is kept of them. */
typedef struct {
  int64_t count;
  float *gradient;
  const float *parameters;
  float *first, *second;
} Place;

static void momentum(const Step *step, Decay decay, const Place *at) {
  float *restrict g = at->gradient;
  float *restrict v = at->first;
  const float *restrict p = at->parameters;
  float scale = step->scale, rate = step->rate, kept = step->own[0];
  int32_t nesterov = step->own[1] != 0;
  float decoupled = rate * decay.decoupled;
  for (int64_t i = 0; i < at->count; i++) {
    float decayed = scale * g[i] + decay.coupled * p[i];
    float after = kept * v[i] + decayed;
    v[i] = after;
    g[i] = rate * (nesterov ? decayed + kept * after : after) + decoupled * p[i];
  }
}

static void rmsProp(const Step *step, Decay decay, const Place *at) {
  float *restrict g = at->gradient;
  float *restrict squares = at->first;
  float *restrict moved = at->second;
  const float *restrict p = at->parameters;
  float scale = step->scale, rate = step->rate;
  float old = step->own[0], new = step->own[1], kept = step->own[2], epsilon = step->own[3];
  float decoupled = rate * decay.decoupled;
  for (int64_t i = 0; i < at->count; i++) {
    float decayed = scale * g[i] + decay.coupled * p[i];
    float square = old * squares[i] + new * (decayed * decayed);
    float after = kept * moved[i] + rate * decayed / sqrtf(square + epsilon);
    squares[i] = square;
    moved[i] = after;
    g[i] = after + decoupled * p[i];
  }
}

static void adam(const Step *step, Decay decay, const Place *at) {
  float *restrict g = at->gradient;
  float *restrict means = at->first;
  float *restrict squares = at->second;
  const float *restrict p = at->parameters;
  const float *own = step->own;
  float scale = step->scale, old1 = own[0], new1 = own[1], old2 = own[2], new2 = own[3];
  float epsilon = own[4], rate = own[5], root = own[6];
  float decoupled = step->rate * decay.decoupled;
  for (int64_t i = 0; i < at->count; i++) {
    float decayed = scale * g[i] + decay.coupled * p[i];
    float mean = old1 * means[i] + new1 * decayed;
    float square = old2 * squares[i] + new2 * (decayed * decayed);
    means[i] = mean;
    squares[i] = square;
    g[i] = rate * mean / (root * sqrtf(square) + epsilon) + decoupled * p[i];
  }
}

static void (*const BY_RULE[RULES])(const Step *, Decay, const Place *) = {momentum, rmsProp, adam};

void update(Rule rule, const Step *step, const Piece *of, const Decay *decays, int64_t pieces, int threads,
            float *gradient, float *state, const float *parameters) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int64_t piece = 0; piece < pieces; piece++) {
    float *first = state + of[piece].firstState;
    Place at = {of[piece].count, gradient + of[piece].first, parameters + of[piece].first, first,
                first + of[piece].stride};
    BY_RULE[rule](step, decays[piece], &at);
  }
}

/* Sums that the compiler keeps in vectors. */
enum { LANES = 8 };

static double squares(const float *x, int64_t count) {
  double sums[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += (double)x[i + lane] * x[i + lane];
    }
  }
  double sum = 0;
  for (; i < count; i++) {
    sum += (double)x[i] * x[i];
  }
  for (int lane = 0; lane < LANES; lane++) {
    sum += sums[lane];
  }
  return sum;
}

double sumOfSquares(const Piece *of, int64_t pieces, int threads, const float *gradient, double *sums) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int64_t piece = 0; piece < pieces; piece++) {
    sums[piece] = squares(gradient + of[piece].first, of[piece].count);
  }
  double sum = 0;
  for (int64_t piece = 0; piece < pieces; piece++) {
    sum += sums[piece];
  }
  return sum;
}
