#ifndef DROPBLOCK_ORDER_H
#define DROPBLOCK_ORDER_H

#include <stdint.h>

/* y[sample][pixel][channel] = x[sample][channel][pixel] */
void channelsLast(float *y, const float *x, int64_t samples, int64_t channels, int64_t pixels,
                  int threads);

#endif
