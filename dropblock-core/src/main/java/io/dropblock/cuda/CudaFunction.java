package io.dropblock.cuda;

import com.sun.jna.Pointer;

/** A kernel of a {@link CudaModule}, to be started while that is open. */
public record CudaFunction(String name, Pointer handle) {}
