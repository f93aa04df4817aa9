package io.dropblock.exchange;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file calls the parameters of a network. */
public enum Naming {
  /** As this program does, in DL4J's form: {@code group3/block0/conv1/W}. */
  OURS {
    @Override
    Optional<StoredName> of(String parameter) {
      return Optional.of(new StoredName(parameter, StoredForm.PLAIN));
    }

    @Override
    Optional<StoredName> ofOlder(String parameter) {
      return parameter.endsWith(VARIANCE)
          ? Optional.of(
              new StoredName(
                  parameter.substring(0, parameter.length() - VARIANCE.length()) + "/log10stdev",
                  StoredForm.LOGARITHM))
          : Optional.empty();
    }

    @Override
    boolean isOfTrunk(String tensor) {
      return tensor.matches("(stem|group\\d+)/.*");
    }

    @Override
    OptionalDouble epsilon() {
      return OptionalDouble.empty();
    }
  },

  /**
   * As torchvision and timm do with ImageNet's residual networks: {@code layer3.0.conv1.weight}.
   */
  TORCHVISION {
    @Override
    Optional<StoredName> of(String parameter) {
      Matcher found = RESIDUAL.matcher(parameter);
      if (!found.matches()) {
        return switch (parameter) {
          case "head/softmax/W" -> Optional.of(new StoredName("fc.weight", StoredForm.TRANSPOSED));
          case "head/softmax/b" -> Optional.of(new StoredName("fc.bias", StoredForm.VECTOR));
          default -> Optional.empty();
        };
      }
      String at =
          found.group("group") == null ? "" : at(found.group("group"), found.group("block"));
      boolean norm = found.group("layer").equals("bn");
      String id = found.group("id");
      String layer =
          switch (id) {
            case "-skip" -> "downsample." + (norm ? 1 : 0);
            case "" -> found.group("layer") + 1;
            default -> found.group("layer") + id;
          };
      String kind = found.group("kind");
      if (!norm) {
        return kind.equals("W")
            ? Optional.of(new StoredName(at + layer + ".weight", StoredForm.PLAIN))
            : Optional.empty();
      }
      return Optional.ofNullable(OF_NORMS.get(kind))
          .map(
              word ->
                  new StoredName(
                      at + layer + "." + word,
                      kind.equals("log10stdev") ? StoredForm.VARIANCE : StoredForm.VECTOR));
    }

    @Override
    boolean isOfTrunk(String tensor) {
      return tensor.matches("(conv1|bn1|layer\\d+)\\..*") && !isCounter(tensor);
    }

    @Override
    OptionalDouble epsilon() {
      return OptionalDouble.of(1e-5);
    }
  };

  /** The end of the name of a moving variance of ours that is kept as it is. */
  static final String VARIANCE = "/var";

  /** What PyTorch's batch normalisations have beside their statistics. */
  private static final String COUNTER = ".num_batches_tracked";

  private static final String MEAN = ".running_mean";
  private static final Pattern RESIDUAL =
      Pattern.compile(
          "(?:stem|group(?<group>\\d+)/block(?<block>\\d+))/(?<layer>conv|bn)(?<id>|\\d|-skip)"
              + "/(?<kind>\\w+)");
  private static final Map<String, String> OF_NORMS =
      Map.of(
          "gamma", "weight",
          "beta", "bias",
          "mean", "running_mean",
          "var", "running_var",
          "log10stdev", "running_var");

  /** Where a file has a parameter; empty where these names have none for it. */
  abstract Optional<StoredName> of(String parameter);

  /** Where files of older versions of this program have it otherwise; empty for the most. */
  Optional<StoredName> ofOlder(String parameter) {
    return Optional.empty();
  }

  /** Whether a tensor belongs to what turns images into features. */
  abstract boolean isOfTrunk(String tensor);

  /** What batch normalisation adds to the variance there; empty where it is not known. */
  abstract OptionalDouble epsilon();

  /** The one of a file. */
  static Naming in(Iterable<String> tensors) {
    for (String tensor : tensors) {
      if (tensor.equals("conv1.weight")) {
        return TORCHVISION;
      }
    }
    return OURS;
  }

  /** Whether a tensor counts batches, by which nothing is calculated. */
  static boolean isCounter(String tensor) {
    return tensor.endsWith(COUNTER);
  }

  /**
   * What a file calls the count of updates of a parameter that is a moving mean; empty for others.
   */
  Optional<String> counterOf(String parameter) {
    return of(parameter)
        .filter(stored -> this == TORCHVISION && stored.name().endsWith(MEAN))
        .map(stored -> stored.name().replace(MEAN, COUNTER));
  }

  private static String at(String group, String block) {
    return "layer" + group + "." + block + ".";
  }
}
