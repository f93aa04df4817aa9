package io.dropblock.optimizer;

/** What a parameter is for. Weight decay goes by it. */
public enum ParameterGroup {
  /** Weights of convolutions and dense layers. */
  KERNELS,
  /** What those add. */
  BIASES,
  /** Scales and shifts of normalisations: gamma and beta. */
  NORMALIZATION,
  /** Moving means and variances: they lie among the parameters, and no optimiser moves them. */
  STATISTICS
}
