/* y = x * mask * scale for elements of type NUMBER. Included by kernel.c, once for every type. */

enum { NAME(LANES) = VECTOR_BYTES / sizeof(NUMBER) };
typedef NUMBER NAME(Vector) __attribute__((vector_size(VECTOR_BYTES)));
typedef NUMBER NAME(Unaligned)
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(NUMBER)), may_alias));
typedef INTEGER NAME(Bits) __attribute__((vector_size(VECTOR_BYTES)));

static inline void NAME(some)(NUMBER *y, const NUMBER *x, const uint64_t *dropped, int64_t first,
                              int64_t end, NUMBER factor) {
  for (int64_t i = first; i < end; i++) {
    y[i] = x[i] * ((dropped[i / 64] >> i % 64 & 1) == 0 ? factor : 0);
  }
}

/* Elements whose bits lie without gaps. Reads, but does not look at, one word more than there are. */
static inline __attribute__((always_inline)) void NAME(denseBy)(NUMBER *y, const NUMBER *x,
                                                                const uint64_t *dropped,
                                                                int64_t count, NUMBER factor,
                                                                int past) {
  enum { LANES = NAME(LANES) };
  NAME(Bits) lane;
  for (int j = 0; j < LANES; j++) {
    lane[j] = (INTEGER)1 << j;
  }
  NAME(Bits) factors = (NAME(Bits))((NAME(Vector)){} + factor);
  /* to the begin of a vector: stores across two cache lines cost twice as much */
  int64_t i = (int64_t)(-(uintptr_t)y % VECTOR_BYTES / sizeof(NUMBER));
  i = i < count ? i : count;
  NAME(some)(y, x, dropped, 0, i, factor);
  int shift = (int)i;
  for (; i + 64 <= count; i += 64) {
    uint64_t bits = dropped[i / 64] >> shift | dropped[i / 64 + 1] << 1 << (63 - shift);
    for (int j = 0; j < 64; j += LANES) {
      /* not a shift of every lane by its own number, which the first vector instructions lack */
      NAME(Bits) kept = (lane & (INTEGER)(bits >> j & 0xFFFF)) == 0;
      NAME(Vector) product =
          *(const NAME(Unaligned) *)(x + i + j) * (NAME(Vector))(factors & kept);
      if (past) {
        STREAM(y + i + j, product);
      } else {
        *(NAME(Unaligned) *)(y + i + j) = product;
      }
    }
  }
  NAME(some)(y, x, dropped, i, count, factor);
}

/* "past": writes past the caches, which do not hold such arrays, and need not read them first. */
static void NAME(dense)(NUMBER *y, const NUMBER *x, const uint64_t *dropped, int64_t count,
                        NUMBER factor, int past) {
  if (past) {
    NAME(denseBy)(y, x, dropped, count, factor, 1);
    _mm_sfence();
  } else {
    NAME(denseBy)(y, x, dropped, count, factor, 0);
  }
}

static void NAME(product)(NUMBER *output, const NUMBER *input, const uint64_t *words,
                          const Geometry *g, int32_t shared, int64_t first, int64_t end,
                          NUMBER factor, int32_t past) {
  int32_t word = (int32_t)(first % g->wordsPerMap);
  int64_t element = first / g->wordsPerMap * g->pixels + (int64_t)word * 64;
  if (g->pixels % 64 == 0 && !shared) {
    NAME(dense)(output + element, input + element, words, (end - first) * 64, factor, past);
    return;
  }
  Place place = {shared ? words + word : words, words, word, g->wordsPerMap, g->pixels, shared};
  Dense dropped;
  while (first < end) {
    first += gather(&dropped, &place, end - first);
    NAME(dense)(output + element, input + element, dropped.words, dropped.count, factor, past);
    element += dropped.count;
  }
}

/* Channels in groups, whose words of 32 pixels are gathered first. */
static void NAME(last)(NUMBER *output, const NUMBER *input, const uint64_t *words,
                       const Geometry *g, int32_t channels, int32_t shared, int32_t first,
                       int32_t end, NUMBER factor) {
  enum { GROUP = 256 };
  uint32_t dropped[GROUP];
  int64_t step = shared ? 0 : g->wordsPerMap;
  for (int32_t half = 2 * first; half < 2 * end; half++) {
    int left = g->pixels - half * 32, pixels = left < 32 ? left : 32;
    for (int32_t channel = 0; channel < channels && pixels > 0; channel += GROUP) {
      int count = channels - channel < GROUP ? channels - channel : GROUP;
      for (int c = 0; c < count; c++) {
        dropped[c] = (uint32_t)(words[(channel + c) * step + half / 2] >> (half % 2 * 32));
      }
      int64_t element = (int64_t)half * 32 * channels + channel;
      for (int pixel = 0; pixel < pixels; pixel++, element += channels) {
        const NUMBER *x = input + element;
        NUMBER *y = output + element;
        for (int c = 0; c < count; c++) {
          y[c] = x[c] * ((dropped[c] >> pixel & 1) == 0 ? factor : 0);
        }
      }
    }
  }
}
