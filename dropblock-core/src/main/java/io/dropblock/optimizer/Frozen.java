package io.dropblock.optimizer;

import java.util.List;

/** Parameters stay as they are, to the bit, whatever their gradients: no update and no decay. */
public record Frozen() implements Optimizer {

  @Override
  public WeightDecay decay() {
    return WeightDecay.none();
  }

  @Override
  public List<String> states() {
    return List.of();
  }

  @Override
  public FrozenSettings updater() {
    return new FrozenSettings();
  }
}
