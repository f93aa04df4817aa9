package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskSettings;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A DropBlock site within a vertex that has several, whose maps are {@code [n, h, w, c]}. It draws
 * a mask in the forward pass and keeps it for the backward pass; the vertex is a {@link
 * SiteHolder}.
 */
public final class DropBlockSite implements DropSite {
  private final DropBlockKernel kernel = DropBlockKernel.fastest();
  private final DropBlock settings;
  private final String name;
  private final SiteState state;

  /**
   * @param settings block, scale and so on; the order of dimensions in them is not looked at
   * @param name of the site in its network, which masks are a function of
   * @param seed of the masks that are drawn by the settings' own schedule
   */
  public DropBlockSite(DropBlock settings, String name, long seed) {
    this.settings = settings;
    this.name = name;
    state = new SiteState("DropBlock", settings.dropScale(), settings.ownSchedule(), seed);
    state.activeAtInference(settings.activeAtInference());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SiteState state() {
    return state;
  }

  /**
   * Draws a mask and applies it in place; changes nothing where nothing is to be dropped.
   *
   * @param maps {@code [n, h, w, c]}
   * @param iteration DL4J's counter, for the site's own schedule, and {@code epoch} likewise
   * @throws IllegalStateException if the site is active and knows no keep probability
   */
  public void forward(INDArray maps, boolean training, int iteration, int epoch) {
    INDArray channelsFirst = maps.permute(0, 3, 1, 2);
    DropMask mask = null;
    if (state.isActive(training)) {
      DropBlockStep step = state.step(name, iteration, epoch);
      mask =
          step.keepProbability() >= 1 ? null : sample(kernel, settings, step, name, channelsFirst);
    }
    state.mask(mask);
    apply(channelsFirst);
  }

  /**
   * Makes the gradient at the output that at the input, in place.
   *
   * @param gradient {@code [n, h, w, c]}
   */
  public void backward(INDArray gradient) {
    apply(gradient.permute(0, 3, 1, 2));
  }

  private void apply(INDArray channelsFirst) {
    if (state.mask() != null) {
      kernel.apply(state.mask(), channelsFirst, channelsFirst);
    }
  }

  /** Lets go of the mask. */
  public void clear() {
    state.clear();
  }

  /**
   * @param map {@code [samples, channels, height, width]}
   */
  static DropMask sample(
      DropBlockKernel kernel, DropBlock settings, DropBlockStep step, String name, INDArray map) {
    BlockGeometry geometry =
        settings.geometry(Math.toIntExact(map.size(2)), Math.toIntExact(map.size(3)));
    MaskSettings drawn =
        new MaskSettings(
            step.keepProbability(),
            settings.exactKeep(),
            settings.sharedChannels(),
            settings.normalization());
    return kernel.sample(
        SiteState.key(step, name),
        geometry,
        drawn,
        Math.toIntExact(map.size(0)),
        Math.toIntExact(map.size(1)));
  }
}
