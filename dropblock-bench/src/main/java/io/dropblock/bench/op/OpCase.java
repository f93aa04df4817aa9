package io.dropblock.bench.op;

/** What is measured: one method of {@link OpBenchmark} each. */
public enum OpCase {
  /** Slices of the tensor, one a thread, each by the C library's memcpy. */
  COPY_MEMCPY("copy, memcpy in slices", "copyMemcpy"),
  /** ND4J's own copy, on its OpenMP threads. */
  COPY_ASSIGN("copy, ND4J assign", "copyAssign"),
  /** One elementwise product in ND4J, in place, by a mask of floats that is there already. */
  MULI("ND4J muli by a mask", "muli"),
  /** A mask and no tensor. */
  SAMPLE("sample a mask", "sample"),
  /** A mask, and the tensor times it, into the same memory. */
  FORWARD_IN_PLACE("forward in place", "forwardInPlace"),
  /** A mask, and the tensor times it, into other memory. */
  FORWARD("forward out of place", "forward"),
  /** A gradient times a kept mask, into the same memory. */
  BACKWARD("backward in place", "backward"),
  /** {@link #FORWARD_IN_PLACE} and then {@link #BACKWARD} with its mask. */
  FORWARD_BACKWARD("forward + backward in place", "forwardBackward"),
  /** The forward pass put together from ND4J's ops, see {@link NaiveDropBlock}. */
  NAIVE("naive ND4J, out of place", "naive");

  private final String label;
  private final String method;

  OpCase(String label, String method) {
    this.label = label;
    this.method = method;
  }

  /** The words for it in a table. */
  public String label() {
    return label;
  }

  String method() {
    return method;
  }
}
