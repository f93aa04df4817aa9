/*
 * Drawing a mask: docs/dropblock-op.md, "The mask scheme", section by section. Included by dropblock.cu.
 *
 * A thread block draws a tile of neighbouring maps, a thread a map; four neighbouring channels of a sample share the
 * encryption of their first words. Tiles are drawn in shared memory where they fit and written out as they lie.
 */

/* Laid out alike by the host: SampleArguments. */
struct Sampling {
  uint64 *words;         /* maps of the mask * wordsPerMap */
  uint64 *dropped;       /* pixels dropped of each sample; 0 before */
  uint64 *tally;         /* pixels dropped of all samples, thread blocks that are done; 0 before */
  double *scales;        /* one, or one a sample */
  const uint32 *gaps;    /* the gap table without its first element, 2^32: horizon elements */
  uint64 key;            /* Philox's */
  uint64 sampleElements; /* of the tensor */
  uint32 step, firstSample;
  uint32 samples, maps;  /* maps of a sample: its channels, or 1 where they share it */
  uint32 sharing;        /* channels that share a map */
  uint32 scaling;        /* SCALED_... */
  uint32 width, blockHeight, blockWidth;
  uint32 startColumns, starts; /* no starts: nothing is dropped */
  uint32 horizon;
  uint32 wordsPerMap;
  uint32 tileInShared; /* or drawn where it is to be */
};

enum { SCALED_BY_BATCH, SCALED_BY_SAMPLE, SCALED_BY_ONE };

struct Random {
  uint32 word[4];
};

/* Philox 4x32-10 (Salmon et al., SC 2011). */
static __device__ Random philox(uint64 key, uint32 c0, uint32 c1, uint32 c2, uint32 c3) {
  uint32 key0 = (uint32)key, key1 = (uint32)(key >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    uint64 product0 = (uint64)0xD2511F53u * c0;
    uint64 product1 = (uint64)0xCD9E8D57u * c2;
    c0 = (uint32)(product1 >> 32) ^ c1 ^ key0;
    c1 = (uint32)product1;
    c2 = (uint32)(product0 >> 32) ^ c3 ^ key1;
    c3 = (uint32)product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/* The largest gap i with word < table[i], where gaps[i - 1] is table[i]: they fall. */
static __device__ uint32 gapOf(const uint32 *gaps, uint32 horizon, uint32 word) {
  uint32 low = 0, high = horizon;
  while (low < high) {
    uint32 middle = (low + high + 1) / 2;
    if (word < gaps[middle - 1]) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

static __device__ void setBits(uint32 *words, uint32 first, uint32 count) {
  while (count > 0) {
    uint32 bit = first % 32, some = count < 32 - bit ? count : 32 - bit;
    words[first / 32] |= 0xFFFFFFFFu >> (32 - some) << bit;
    first += some;
    count -= some;
  }
}

static __device__ void dropBlock(const Sampling &s, uint32 *map, uint32 position) {
  uint32 pixel = position / s.startColumns * s.width + position % s.startColumns;
  if (s.blockWidth == s.width) { /* its rows lie side by side */
    setBits(map, pixel, s.blockHeight * s.blockWidth);
    return;
  }
  for (uint32 row = 0; row < s.blockHeight; row++) {
    setBits(map, pixel, s.blockWidth);
    pixel += s.width;
  }
}

/* Draws a map whose bits are 0; returns the number of pixels dropped. */
static __device__ uint32 drawMap(const Sampling &s, const uint32 *gaps, uint32 firstWord,
                                 uint32 sample, uint32 channel, uint32 *map) {
  Random random;
  uint32 position = 0, word = firstWord, blocks = 0;
  for (uint32 draw = 0; position < s.starts; draw++) {
    uint32 gap = gapOf(gaps, s.horizon, word);
    position += gap;
    if (gap < s.horizon && position < s.starts) {
      dropBlock(s, map, position);
      blocks++;
      position++;
    }
    if (position < s.starts) {
      if (draw % 4 == 0) {
        random = philox(s.key, 1 + draw / 4, channel, s.firstSample + sample, s.step);
      }
      word = random.word[0];
      random = {{random.word[1], random.word[2], random.word[3], 0}};
    }
  }
  uint32 dropped = 0;
  for (uint32 i = 0; blocks > 0 && i < 2 * s.wordsPerMap; i++) {
    dropped += __popc(map[i]);
  }
  return dropped;
}

static __device__ double ratio(uint64 count, uint64 ones) {
  return ones == 0 ? 0 : (double)count / (double)ones;
}

/* What kept elements are multiplied by, once everything is counted. */
static __device__ void writeScales(const Sampling &s) {
  uint32 count = s.scaling == SCALED_BY_SAMPLE ? s.samples : 1;
  for (uint32 n = threadIdx.x; n < count; n += blockDim.x) {
    uint64 elements = s.sampleElements * (s.scaling == SCALED_BY_SAMPLE ? 1 : s.samples);
    const uint64 *dropped = s.scaling == SCALED_BY_SAMPLE ? s.dropped + n : s.tally;
    /* volatile: what other thread blocks counted is not in this one's cache */
    uint64 ones = elements - *(const volatile uint64 *)dropped * s.sharing;
    s.scales[n] = s.scaling == SCALED_BY_ONE ? 1 : ratio(elements, ones);
  }
}

static __device__ void sample(const Sampling &s, uint64 *shared) {
  const uint32 groups = (s.maps + 3) / 4, groupsOfTile = blockDim.x / 4;
  const uint32 firstGroup = blockIdx.x * groupsOfTile, allGroups = s.samples * groups;
  const uint32 endGroup =
      allGroups - firstGroup < groupsOfTile ? allGroups : firstGroup + groupsOfTile;
  const uint32 firstSample = firstGroup / groups;
  const uint32 firstMap = firstSample * s.maps + firstGroup % groups * 4;
  const uint32 endMap = endGroup / groups * s.maps + endGroup % groups * 4;
  const bool oneSample = firstSample == (endGroup - 1) / groups;
  const uint32 tileWords = (endMap - firstMap) * s.wordsPerMap;

  uint64 *tileDropped = shared;
  uint64 *blocksBefore = shared + 1;
  uint64 *tile = shared + 2;
  uint32 *gaps = (uint32 *)(tile + (s.tileInShared ? blockDim.x * s.wordsPerMap : 0));
  uint32 *firstWords = gaps + s.horizon;

  if (threadIdx.x == 0) {
    *tileDropped = 0;
  }
  for (uint32 i = threadIdx.x; i < s.horizon; i += blockDim.x) {
    gaps[i] = s.gaps[i];
  }
  for (uint32 i = threadIdx.x; s.tileInShared && i < tileWords; i += blockDim.x) {
    tile[i] = 0;
  }
  if (threadIdx.x < groupsOfTile) {
    uint32 group = firstGroup + threadIdx.x;
    Random random =
        philox(s.key, 0, group % groups, s.firstSample + group / groups, s.step);
    for (int i = 0; i < 4; i++) {
      firstWords[4 * threadIdx.x + i] = random.word[i];
    }
  }
  __syncthreads();

  const uint32 group = firstGroup + threadIdx.x / 4;
  const uint32 sampleOfMap = group / groups, channel = group % groups * 4 + threadIdx.x % 4;
  if (group < endGroup && channel < s.maps) {
    uint32 place = sampleOfMap * s.maps + channel;
    uint64 *map = s.tileInShared ? tile + (place - firstMap) * s.wordsPerMap
                                 : s.words + (uint64)place * s.wordsPerMap;
    for (uint32 i = 0; !s.tileInShared && i < s.wordsPerMap; i++) {
      map[i] = 0;
    }
    uint32 dropped =
        drawMap(s, gaps, firstWords[threadIdx.x], sampleOfMap, channel, (uint32 *)map);
    if (dropped > 0) {
      atomicAdd(tileDropped, (uint64)dropped);
      if (!oneSample) {
        atomicAdd(s.dropped + sampleOfMap, (uint64)dropped);
        __threadfence();
      }
    }
  }
  __syncthreads();

  for (uint32 i = threadIdx.x; s.tileInShared && i < tileWords; i += blockDim.x) {
    s.words[(uint64)firstMap * s.wordsPerMap + i] = tile[i];
  }
  if (threadIdx.x == 0) {
    if (oneSample) {
      atomicAdd(s.dropped + firstSample, *tileDropped);
    }
    atomicAdd(s.tally, *tileDropped);
    __threadfence();
    *blocksBefore = atomicAdd(s.tally + 1, (uint64)1);
  }
  __syncthreads();
  if (*blocksBefore == gridDim.x - 1) { /* the last to be done */
    __threadfence();
    writeScales(s);
  }
}
