/* Drawing blocks: docs/dropblock-op.md, "The mask scheme". Included by kernel.c. */

enum { CHUNK = 256 };

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
typedef __m512i Lanes;
#define SPLAT(x) _mm512_set1_epi64((long long)(x))
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, x) _mm512_storeu_si512(p, x)
#define MULTIPLY(a, b) _mm512_mul_epu32(a, b)
#define HIGH(a) _mm512_srli_epi64(a, 32)
#define XOR(a, b) _mm512_xor_si512(a, b)
#define STREAM(p, x) _mm512_stream_si512((void *)(p), (__m512i)(x))
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32 };
typedef __m256i Lanes;
#define SPLAT(x) _mm256_set1_epi64x((long long)(x))
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, x) _mm256_storeu_si256((__m256i *)(p), x)
#define MULTIPLY(a, b) _mm256_mul_epu32(a, b)
#define HIGH(a) _mm256_srli_epi64(a, 32)
#define XOR(a, b) _mm256_xor_si256(a, b)
#define STREAM(p, x) _mm256_stream_si256((void *)(p), (__m256i)(x))
#else
enum { VECTOR_BYTES = 16 };
typedef __m128i Lanes;
#define SPLAT(x) _mm_set1_epi64x((long long)(x))
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, x) _mm_storeu_si128((__m128i *)(p), x)
#define MULTIPLY(a, b) _mm_mul_epu32(a, b)
#define HIGH(a) _mm_srli_epi64(a, 32)
#define XOR(a, b) _mm_xor_si128(a, b)
#define STREAM(p, x) _mm_stream_si128((void *)(p), (__m128i)(x))
#endif

/* Independent chains, so that one multiplication need not wait for another. */
enum { CHAINS = 4, LANES = VECTOR_BYTES / sizeof(uint64_t) };

/*
 * Philox 4x32-10 of the counters (block, second[i], sample, step), the first word of all, then the
 * second from words[CHUNK] on, and so on. Reads and writes up to a multiple of LANES * CHAINS. Only
 * the low halves of lanes count: multiplications read no others.
 */
static void philox(const Stream *stream, uint32_t block, const uint64_t *second, int count,
                   uint64_t *words) {
  for (int begin = 0; begin < count; begin += LANES * CHAINS) {
    Lanes c0[CHAINS], c1[CHAINS], c2[CHAINS], c3[CHAINS];
    for (int i = 0; i < CHAINS; i++) {
      c0[i] = SPLAT(block);
      c1[i] = LOAD(second + begin + i * LANES);
      c2[i] = SPLAT(stream->sample);
      c3[i] = SPLAT(stream->step);
    }
    uint32_t key0 = (uint32_t)stream->key, key1 = (uint32_t)(stream->key >> 32);
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < CHAINS; i++) {
        Lanes product0 = MULTIPLY(c0[i], SPLAT(0xD2511F53u));
        Lanes product1 = MULTIPLY(c2[i], SPLAT(0xCD9E8D57u));
        c0[i] = XOR(XOR(HIGH(product1), c1[i]), SPLAT(key0));
        c2[i] = XOR(XOR(HIGH(product0), c3[i]), SPLAT(key1));
        c1[i] = product1;
        c3[i] = product0;
      }
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    for (int i = 0; i < CHAINS; i++) {
      STORE(words + begin + i * LANES, c0[i]);
      STORE(words + CHUNK + begin + i * LANES, c1[i]);
      STORE(words + 2 * CHUNK + begin + i * LANES, c2[i]);
      STORE(words + 3 * CHUNK + begin + i * LANES, c3[i]);
    }
  }
}

/* The largest gap i with word < table[i]: the guide is at most "steps" above it. */
static inline int32_t gapOf(const Gaps *gaps, uint32_t word) {
  int32_t gap = gaps->guide[word >> gaps->guideShift];
  for (int32_t step = 0; step < gaps->steps; step++) {
    gap -= (int64_t)word >= gaps->table[gap];
  }
  return gap;
}

/* Channels of a chunk whose grid is not yet walked to its end. */
typedef struct {
  int32_t count;
  int32_t channel[CHUNK];  /* within the chunk */
  int32_t position[CHUNK]; /* on the grid */
  int32_t lane[CHUNK];     /* where its random words are */
} Walks;

/* Block starts. */
typedef struct {
  int32_t count, channel[CHUNK], position[CHUNK];
} Starts;

/*
 * Each walk goes on by one word. What is unpredictable is counted and not branched on: a branch
 * would be guessed wrong for every second block.
 */
static inline void step(const Geometry *g, const Gaps *gaps, const uint64_t *words, Walks *walks,
                        Starts *starts) {
  int32_t left = 0, found = 0;
  for (int32_t k = 0; k < walks->count; k++) {
    int32_t channel = walks->channel[k], lane = walks->lane[k];
    int32_t gap = gapOf(gaps, (uint32_t)words[lane]);
    int32_t position = walks->position[k] + gap;
    int32_t starting = (gap < gaps->horizon) & (position < g->starts);
    starts->channel[found] = channel;
    starts->position[found] = position;
    found += starting;
    position += starting;
    walks->channel[left] = channel;
    walks->position[left] = position;
    walks->lane[left] = lane;
    left += position < g->starts;
  }
  walks->count = left;
  starts->count = found;
}

/* Drops the blocks that start; "block" is one at the upper left corner of a map. */
static inline void dropBlocks(const Geometry *g, const Starts *starts, const uint64_t *block,
                              uint64_t *maps) {
  for (int32_t k = 0; k < starts->count; k++) {
    uint32_t position = (uint32_t)starts->position[k];
    uint32_t pixel = position + position / (uint32_t)g->startColumns * (uint32_t)(g->blockWidth - 1);
    uint64_t *word = maps + (int64_t)starts->channel[k] * g->wordsPerMap + (pixel >> 6);
    uint32_t bit = pixel & 63;
    /* block[-1] and block[blockWords] are 0 */
    for (int32_t i = 0; i <= g->blockWords; i++) {
      word[i] |= block[i] << bit | block[i - 1] >> 1 >> (63 - bit);
    }
  }
}

static int64_t sampleChunk(const Geometry *g, const Gaps *gaps, const Stream *stream,
                           const uint64_t *block, int32_t firstChannel, int32_t channels,
                           uint64_t *maps) {
  uint64_t words[4 * CHUNK], second[CHUNK];
  Walks walks;
  Starts starts;

  /* four neighbouring channels share the encryption of their first words */
  uint32_t firstGroup = (uint32_t)firstChannel / 4;
  uint32_t lastGroup = (uint32_t)(firstChannel + channels - 1) / 4;
  for (uint32_t i = 0; i < CHUNK; i++) {
    second[i] = firstGroup + i;
  }
  philox(stream, 0, second, (int)(lastGroup - firstGroup) + 1, words);

  /* most maps of the paper's settings hold no block, which their first word tells */
  int64_t noBlockBelow = gaps->horizon < g->starts ? 0 : gaps->table[gaps->horizon];
  int32_t count = 0;
  for (int32_t i = 0; i < channels; i++) {
    int32_t place = (firstChannel & 3) + i, lane = (place & 3) * CHUNK + place / 4;
    walks.channel[count] = i;
    walks.position[count] = 0;
    walks.lane[count] = lane;
    count += (int64_t)(words[lane] & 0xFFFFFFFFu) >= noBlockBelow;
  }
  int32_t touched[CHUNK], touchedCount = count;
  memcpy(touched, walks.channel, sizeof(touched));
  walks.count = count;
  step(g, gaps, words, &walks, &starts);
  dropBlocks(g, &starts, block, maps);

  /* the others, four words at a time, until none is left */
  for (uint32_t draw = 1; walks.count > 0; draw++) {
    for (int32_t k = 0; k < walks.count; k++) {
      second[k] = (uint32_t)(firstChannel + walks.channel[k]);
      walks.lane[k] = k;
    }
    philox(stream, draw, second, walks.count, words);
    for (int word = 0; word < 4; word++) {
      step(g, gaps, words + word * CHUNK, &walks, &starts);
      dropBlocks(g, &starts, block, maps);
    }
  }

  int64_t dropped = 0;
  for (int32_t k = 0; k < touchedCount; k++) {
    const uint64_t *map = maps + (int64_t)touched[k] * g->wordsPerMap;
    for (int32_t i = 0; i < g->wordsPerMap; i++) {
      dropped += __builtin_popcountll(map[i]);
    }
  }
  return dropped;
}

static int64_t sample(const Geometry *g, const Gaps *gaps, const Stream *stream,
                      const uint64_t *block, int32_t firstChannel, int32_t channels,
                      uint64_t *words) {
  int64_t dropped = 0;
  while (channels > 0) {
    /* to a multiple of 4, so that no first words are encrypted twice */
    int32_t count = CHUNK - (firstChannel & 3);
    count = count < channels ? count : channels;
    dropped += sampleChunk(g, gaps, stream, block, firstChannel, count, words);
    words += (int64_t)count * g->wordsPerMap;
    firstChannel += count;
    channels -= count;
  }
  return dropped;
}
