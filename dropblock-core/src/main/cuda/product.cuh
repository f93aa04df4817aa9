/* y = x * mask * scale, forward and backward. Included by dropblock.cu. */

/* Laid out alike by the host: ProductArguments. */
struct Product {
  void *output; /* the same as input, or memory of its own */
  const void *input;
  const uint64 *words;
  const double *scales;    /* one a piece */
  uint64 pieceElements;    /* the tensor is one piece, or each sample is one */
  uint32 samplesOfPiece, channels, pixels;
  uint32 wordsPerMap;
  uint32 sharedChannels; /* one map a sample */
  uint32 blocksOfPiece;  /* thread blocks; channels last: all in one piece */
  uint32 wide;           /* whether both arrays can be accessed by 16 bytes */
  uint32 pieces;
};

struct Single {
  typedef float Stored;
  typedef float Real;
  static __device__ float widened(float x) { return x; }
  static __device__ float narrowed(float x) { return x; }
};

struct Double {
  typedef double Stored;
  typedef double Real;
  static __device__ double widened(double x) { return x; }
  static __device__ double narrowed(double x) { return x; }
};

struct Half {
  typedef uint16 Stored;
  typedef float Real;
  static __device__ float widened(uint16 x) { return __half2float(__ushort_as_half(x)); }
  static __device__ uint16 narrowed(float x) { return __half_as_ushort(__float2half_rn(x)); }
};

/* By bits: the instructions need compute capability 8.0. */
struct BFloat16 {
  typedef uint16 Stored;
  typedef float Real;
  static __device__ float widened(uint16 x) { return __uint_as_float((uint32)x << 16); }
  static __device__ uint16 narrowed(float x) {
    uint32 bits = __float_as_uint(x);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) {
      return 0x7FFF; /* not a number */
    }
    return (uint16)((bits + 0x7FFFu + (bits >> 16 & 1)) >> 16); /* to nearest, ties to even */
  }
};

template <typename Stored, int LANES>
struct alignas(LANES * sizeof(Stored)) Pack {
  Stored lane[LANES];
};

enum { VECTORS = 4 }; /* that a thread reads before it writes the first */

/* 32 pixels of a map, from a multiple of 32 on. */
static __device__ uint32 droppedBits(const Product &p, uint32 map, uint32 pixel) {
  return __ldg((const uint32 *)(p.words + (uint64)map * p.wordsPerMap) + pixel / 32);
}

/* Rounded to float first for half types, as ND4J rounds. */
template <typename Number>
static __device__ typename Number::Real factorOf(const Product &p, uint32 piece) {
  return Number::widened(Number::narrowed((typename Number::Real)__ldg(p.scales + piece)));
}

/*
 * The bits of 32 elements that lie side by side in channels-first memory, but for the first "missing" ones: from a
 * pixel of a row on, a row being a map of those of all samples.
 */
static __device__ uint32 gather(const Product &p, uint32 missing, uint32 row, uint32 pixel,
                                uint32 endRow) {
  uint32 bits = 0, have = missing;
  while (have < 32 && row < endRow) {
    uint32 word = droppedBits(p, p.sharedChannels ? row / p.channels : row, pixel);
    uint32 left = p.pixels - pixel, some = 32 - pixel % 32;
    bits |= word >> pixel % 32 << have; /* bits after the map's last are 0 */
    have += some < left ? some : left;
    pixel += some;
    if (some >= left) {
      pixel = 0;
      row++;
    }
  }
  return bits;
}

template <typename Number, int LANES>
static __device__ void multiply(Pack<typename Number::Stored, LANES> &x, uint32 dropped,
                                typename Number::Real factor) {
#pragma unroll
  for (int i = 0; i < LANES; i++) {
    bool kept = (dropped >> i & 1) == 0;
    x.lane[i] = Number::narrowed(Number::widened(x.lane[i]) * (kept ? factor : 0));
  }
}

/*
 * Channels first: a thread block multiplies VECTORS * 16 bytes a thread, from a multiple of 16 bytes on where arrays
 * are so aligned. Bits are gathered in shared memory, a vector's side by side.
 */
template <typename Number>
static __device__ void productFirst(const Product &p, uint32 *dropped) {
  typedef typename Number::Stored Stored;
  enum { LANES = 16 / sizeof(Stored) };
  typedef Pack<Stored, LANES> Vector;
  const uint32 piece = blockIdx.x / p.blocksOfPiece, tile = blockDim.x * VECTORS * LANES;
  const Stored *input = (const Stored *)p.input + piece * p.pieceElements;
  Stored *output = (Stored *)p.output + piece * p.pieceElements;
  /* the piece begins "skew" elements after a multiple of 16 bytes, and places are counted from there */
  const uint32 skew = p.wide ? (uint32)((uint64)output % 16 / sizeof(Stored)) : 0;
  const uint64 begin = (uint64)(blockIdx.x % p.blocksOfPiece) * tile, end = skew + p.pieceElements;
  const uint32 missing = begin == 0 ? skew : 0;

  const bool whole = p.wide && begin >= skew && begin + tile <= end;

  Vector x[VECTORS];
#pragma unroll
  for (int v = 0; whole && v < VECTORS; v++) {
    x[v] = ((const Vector *)(input + (begin - skew)))[threadIdx.x + v * blockDim.x];
  }

  const uint64 first = begin + missing - skew;
  if (first < p.pieceElements && threadIdx.x < tile / 32) {
    const uint32 rows = p.samplesOfPiece * p.channels, row = piece * rows;
    uint32 absent = threadIdx.x == 0 ? missing : 0;
    uint32 pixel = (uint32)(first % p.pixels) + threadIdx.x * 32 + absent - missing;
    dropped[threadIdx.x] = gather(p, absent, row + (uint32)(first / p.pixels) + pixel / p.pixels,
                                  pixel % p.pixels, row + rows);
  }
  __syncthreads();

  const typename Number::Real factor = factorOf<Number>(p, piece);
#pragma unroll
  for (int v = 0; whole && v < VECTORS; v++) {
    uint32 vector = threadIdx.x + v * blockDim.x, place = vector * LANES;
    multiply<Number, LANES>(x[v], dropped[place / 32] >> place % 32, factor);
    ((Vector *)(output + (begin - skew)))[vector] = x[v];
  }
  /* element by element at both ends of a piece, and where arrays are not aligned */
  for (uint32 place = threadIdx.x; !whole && place < tile; place += blockDim.x) {
    if (begin + place >= skew && begin + place < end) {
      uint64 element = begin + place - skew;
      Pack<Stored, 1> one = {{input[element]}};
      multiply<Number, 1>(one, dropped[place / 32] >> place % 32, factor);
      output[element] = one.lane[0];
    }
  }
}

/* Channels last: a thread multiplies LANES channels of up to 32 pixels, whose bits it reads once. */
template <typename Number, int LANES>
static __device__ void multiplyLast(const Product &p) {
  typedef Pack<typename Number::Stored, LANES> Vector;
  const uint32 vectors = p.channels / LANES, runs = (p.pixels + 31) / 32;
  const uint64 item = (uint64)blockIdx.x * blockDim.x + threadIdx.x;
  const uint32 channel = (uint32)(item % vectors) * LANES;
  const uint64 run = item / vectors;
  if (run >= (uint64)p.samplesOfPiece * p.pieces * runs) {
    return;
  }
  const uint32 sample = (uint32)(run / runs), firstPixel = (uint32)(run % runs) * 32;
  const uint32 pixels = p.pixels - firstPixel < 32 ? p.pixels - firstPixel : 32;
  const typename Number::Real factor = factorOf<Number>(p, sample / p.samplesOfPiece);
  uint32 bits[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i++) {
    uint32 map = p.sharedChannels ? sample : sample * p.channels + channel + i;
    bits[i] = droppedBits(p, map, firstPixel);
  }
  const uint64 element = ((uint64)sample * p.pixels + firstPixel) * p.channels + channel;
  const Vector *input = (const Vector *)((const typename Number::Stored *)p.input + element);
  Vector *output = (Vector *)((typename Number::Stored *)p.output + element);
  for (uint32 first = 0; first < pixels; first += VECTORS) {
    Vector x[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      if (first + v < pixels) {
        x[v] = input[(uint64)(first + v) * vectors];
      }
    }
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      if (first + v < pixels) {
        uint32 dropped = 0;
#pragma unroll
        for (int i = 0; i < LANES; i++) {
          dropped |= (bits[i] >> (first + v) & 1) << i;
        }
        multiply<Number, LANES>(x[v], dropped, factor);
        output[(uint64)(first + v) * vectors] = x[v];
      }
    }
  }
}

template <typename Number>
static __device__ void productLast(const Product &p) {
  if (p.wide) {
    multiplyLast<Number, 16 / sizeof(typename Number::Stored)>(p);
  } else {
    multiplyLast<Number, 1>(p);
  }
}
