package io.dropblock.cuda;

/** A call of the CUDA driver failed, or there is no driver to call. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  CudaException(String message, int code) {
    super(message);
    this.code = code;
  }

  CudaException(String message, Throwable cause) {
    super(message, cause);
    code = -1;
  }

  /** The driver's CUresult; -1 if there is no driver to ask. */
  public int code() {
    return code;
  }
}
