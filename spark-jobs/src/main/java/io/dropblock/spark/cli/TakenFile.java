package io.dropblock.spark.cli;

import io.dropblock.exchange.Fate;
import io.dropblock.exchange.Naming;
import io.dropblock.exchange.WeightsIn;
import io.dropblock.exchange.WeightsTaken;
import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.ModelRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The weights of a safetensors file, for a recipe's network. */
final class TakenFile {
  private static final int NAMED = 4;

  private TakenFile() {}

  /** Whether this is such a file and not a run, by its name. */
  static boolean isNamed(Path path) {
    return path.getName().toLowerCase(Locale.ROOT).endsWith(".safetensors");
  }

  /**
   * Makes the recipe's network, reads the file into it, and prints what became of each tensor.
   *
   * @throws TrainingException if the file cannot be read, or is not for the recipe's network
   */
  static TakenTrunk of(Path file, Recipe recipe, Configuration configuration) {
    RecipeParts parts = new RecipeParts(recipe);
    try {
      Safetensors weights = read(file, configuration);
      requirePadding(file, WeightsIn.naming(weights), recipe.model());
      ComputationGraph network = parts.network();
      WeightsTaken taken = WeightsIn.into(weights, parts.trunk(), network);
      System.out.print(table(taken));
      return new TakenTrunk(network, List.of(told(file, taken)));
    } catch (FileNotFoundException e) {
      throw new TrainingException(refusal(file) + "there is no such file", e);
    } catch (IOException e) {
      throw new TrainingException(refusal(file) + oneLine(e), e);
    }
  }

  private static Safetensors read(Path file, Configuration configuration) throws IOException {
    FileSystem files = HadoopPath.fileSystem(file, configuration);
    FileStatus status = files.getFileStatus(file);
    if (status.isDirectory()) {
      throw new IOException("it is a folder");
    }
    try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
      return Safetensors.read(in, status.getLen());
    }
  }

  /** The same weights are another network where the maxima are taken elsewhere. */
  private static void requirePadding(Path file, Naming naming, ModelRecipe model) {
    if (naming == Naming.TORCHVISION
        && model.family() == ModelRecipe.Family.RESNET
        && model.maxPoolPadding() != ModelRecipe.MaxPoolPadding.SYMMETRIC) {
      throw new TrainingException(
          refusal(file)
              + "they are of torchvision or timm, whose first maxima are padded on all sides; add"
              + " --set model.max_pool_padding=symmetric");
    }
  }

  private static String refusal(Path file) {
    return "Cannot take the weights of " + file + ": ";
  }

  private static String oneLine(IOException error) {
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    return message.strip().lines().findFirst().map(TakenFile::shown).orElse("it cannot be read");
  }

  private static Table table(WeightsTaken taken) {
    Table table =
        Table.of(
            Table.Column.left("tensor"),
            Table.Column.left("became"),
            Table.Column.left("shape"),
            Table.Column.left("here"));
    taken
        .rows()
        .forEach(
            row ->
                table.row(
                    shown(row.name()),
                    row.fate().name().toLowerCase(Locale.ROOT),
                    row.shape().toString(),
                    row.remark()));
    return table;
  }

  /** A name from a file, in one line, and without what a terminal obeys. */
  private static String shown(String name) {
    return name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }

  private static String told(Path file, WeightsTaken taken) {
    return String.format(
        Locale.ROOT,
        "Took the weights of %s: %s as they are and %d converted, with %s; left of it: %s; begin"
            + " fresh: %s",
        file,
        Count.of((int) taken.count(Fate.TAKEN), "tensor"),
        taken.count(Fate.CONVERTED),
        Count.of(taken.numbers(), "number"),
        names(taken, Fate.LEFT),
        names(taken, Fate.MISSING));
  }

  private static String names(WeightsTaken taken, Fate fate) {
    List<String> all =
        taken.rows().stream()
            .filter(row -> row.fate() == fate)
            .map(row -> shown(row.name()))
            .toList();
    String some = all.stream().limit(NAMED).collect(Collectors.joining(", "));
    return all.isEmpty()
        ? "nothing"
        : all.size() <= NAMED ? some : Count.of(all.size(), "tensor") + " (" + some + ", ...)";
  }
}
