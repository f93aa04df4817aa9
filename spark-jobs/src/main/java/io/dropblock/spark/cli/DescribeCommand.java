package io.dropblock.spark.cli;

import io.dropblock.model.NetworkSummary;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.report.FateTable;
import io.dropblock.spark.report.NetworkTable;
import io.dropblock.spark.report.SchedulePlot;
import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a recipe's network is, without training it. */
@Command(
    name = "describe",
    description =
        "Shows a recipe's network: layers, parameters, multiply-adds, DropBlock sites, and its batch.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Gamma is the rate at which blocks start, at the schedule's last step; kept is",
      "the exact expected share of kept elements, which exceeds keep_prob where blocks",
      "can overlap.",
      "",
      "Example:",
      "  ./submit.sh describe imagenet-resnet50-dropblock \\",
      "      --set dropblock.block_size=5",
      "  ./submit.sh describe imagenet-resnet50-dropblock --picture dropped.png \\",
      "      --photo dog.jpg"
    })
final class DescribeCommand implements Callable<Integer> {

  private static final long MEBIBYTE = 1 << 20;

  @Mixin private RecipeArguments recipe;

  @Mixin private PictureOptions picture;

  @Override
  public Integer call() {
    Recipe loaded = recipe.load();
    RecipeParts parts = new RecipeParts(loaded);
    System.out.printf(
        Locale.ROOT,
        "%s: %s, input %s, %d classes%n%n",
        loaded.name(),
        parts.title(),
        parts.image(),
        loaded.data().classes());
    if (!parts.fates().isEmpty()) {
      System.out.println(FateTable.of(parts.fates()));
    }
    TrainRecipe train = loaded.train();
    NetworkSummary network = parts.summary();
    System.out.print(
        NetworkTable.of(network, loaded.dropblock().keepProbability().over(train.epochs())));
    System.out.printf(Locale.ROOT, "%n%s%n", globalBatch(train));
    System.out.printf(
        Locale.ROOT,
        "Activations that a rank keeps for the way back: at most %,d MiB for %s%n%n",
        (network.activations() * train.localBatch() * Float.BYTES + MEBIBYTE - 1) / MEBIBYTE,
        Count.of(train.localBatch(), "image"));
    Schedule rate = train.learningRate().over(train.epochs());
    System.out.print(SchedulePlot.of(rate, "Learning rate", train.epochs()));
    picture.draw(
        loaded.name(),
        network.dropBlocks(),
        loaded.dropblock().keepProbability().over(train.epochs()).at(1));
    return 0;
  }

  private static String globalBatch(TrainRecipe train) {
    long rank = (long) train.localBatch() * train.accumulation();
    String images = Count.of(train.localBatch(), "image");
    if (train.slots() > 0) {
      return String.format(
          Locale.ROOT,
          "Global batch %d: %s x %s, %s",
          (long) train.slots() * train.localBatch(),
          Count.of(train.slots(), "slot"),
          images,
          shares(train));
    }
    String accumulated =
        String.format(Locale.ROOT, "%s x accumulation %d", images, train.accumulation());
    return train.world() == 0
        ? String.format(Locale.ROOT, "Global batch %d a task slot: %s", rank, accumulated)
        : String.format(
            Locale.ROOT,
            "Global batch %d: %s x %s",
            train.world() * rank,
            Count.of(train.world(), "rank"),
            accumulated);
  }

  /** How ranks share out the slots. */
  private static String shares(TrainRecipe train) {
    String alike =
        train.averaging().bindsWorld()
            ? "; the result depends on how many, as they go own ways between two averagings"
            : "";
    if (train.world() == 0) {
      return "shared out by as many ranks as there are task slots, at most "
          + train.slots()
          + alike;
    }
    int least = train.slots() / train.world();
    boolean equal = train.slots() % train.world() == 0;
    return String.format(
        Locale.ROOT,
        "shared out by %s with %s each%s",
        Count.of(train.world(), "rank"),
        equal ? Integer.toString(least) : least + " or " + (least + 1),
        alike);
  }
}
