/* Compiled with another -march and another KERNEL for every instruction set: build.sh. */
#include <immintrin.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "kernel.h"

#include "sample.h"

enum { DENSE_WORDS = 256 };

/* Bits of neighbouring elements without gaps between maps; a word begun and one to look over to. */
typedef struct {
  uint64_t words[DENSE_WORDS + 2];
  int32_t count;
} Dense;

/* Where in one sample's words, map after map, a product has come to. */
typedef struct {
  const uint64_t *next, *map;
  int32_t word, wordsPerMap, pixels, shared;
} Place;

/* Takes words of maps, whose unused bits are 0, and returns how many: as many as fit, or "most". */
static int64_t gather(Dense *dense, Place *place, int64_t most) {
  Place at = *place;
  int32_t k = 0, shift = 0;
  uint64_t open = 0;
  int64_t taken = 0;
  for (; taken < most && k < DENSE_WORDS; taken++) {
    uint64_t word = *at.next++, carry = word >> 1 >> (63 - shift);
    open |= word << shift;
    dense->words[k] = open;
    int32_t end = shift + 64;
    if (++at.word == at.wordsPerMap) {
      end = shift + at.pixels - (at.wordsPerMap - 1) * 64;
      at.word = 0;
      at.next = at.shared ? at.map : at.next;
    }
    open = end >= 64 ? carry : open;
    k += end >> 6;
    shift = end & 63;
  }
  dense->words[k] = open;
  dense->count = k * 64 + shift;
  *place = at;
  return taken;
}

#define NUMBER float
#define INTEGER int32_t
#define NAME(what) what##Float
#include "product.h"
#undef NUMBER
#undef INTEGER
#undef NAME

#define NUMBER double
#define INTEGER int64_t
#define NAME(what) what##Double
#include "product.h"

#include "norm.h"
#include "norm_last.h"

const Kernel KERNEL = {sample,      productFloat, productDouble, lastFloat, lastDouble,
                       normForward, normBackward, sumForward,    sumBackward};
