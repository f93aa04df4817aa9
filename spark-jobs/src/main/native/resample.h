// Rows of pixels to a square of floats, 4 taps in each direction.
#ifndef RESAMPLE_H
#define RESAMPLE_H

#include "jpeg.h"

// For each target pixel 4 positions within the rectangle, from 0, and their weights.
struct axis {
  const int *index;
  const float *weight;
};

struct square {
  int size;
  int width;  // of the rectangle
  struct axis across, down;
  int mirror;
  float mean[3], scale[3];
};

// Bytes of scratch that resample_row needs.
size_t resample_scratch(const struct square *square);
// Row y of the square from 4 rows of the rectangle: a row of size floats in each of 3 planes, red first, which start
// plane floats apart.
void resample_row(const struct square *square, int y, float *const rows[4], float *scratch, float *out, size_t plane);
// One row of the rectangle as floats, 4 a pixel.
void resample_widen(const unsigned char *restrict from, float *restrict to, int width);

#endif
