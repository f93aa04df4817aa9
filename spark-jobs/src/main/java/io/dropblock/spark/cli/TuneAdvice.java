package io.dropblock.spark.cli;

import io.dropblock.spark.gpu.GpuSettings;
import io.dropblock.spark.tune.NotTried;
import io.dropblock.spark.tune.Search;
import io.dropblock.spark.tune.Setting;
import io.dropblock.spark.tune.ShapeSettings;
import io.dropblock.spark.tune.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * What people are told at the end of a search: which settings to use, in words to copy.
 *
 * @param settings the present ones
 * @param recipe as it is now
 * @param data as it was typed
 * @param search that is done
 */
record TuneAdvice(SparkConf settings, TunedRecipe recipe, String data, Search search) {
  private static final double MUCH = 0.05;

  /** Lines behind the table. */
  List<String> lines(Search.State state) {
    List<String> lines = new ArrayList<>();
    for (NotTried left : state.notTried()) {
      lines.add("Not tried:  " + left.what() + ": " + left.why());
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "Noise:      the present settings, tried twice, differed by %.1f %%; less than that, and"
                + " than steps scatter, is a draw%s",
            100 * state.noise(),
            state.noise() > MUCH
                ? ": that is much, try again on a quiet cluster, or with more --seconds"
                : ""));
    Trial base = state.base().orElseThrow();
    Trial sameRun = state.sameRun().orElseThrow();
    Trial best = state.best().orElseThrow();
    lines.add("");
    if (sameRun == base) {
      lines.add("Keep the present settings: none of the same run was faster");
    } else {
      lines.add("Faster, and the same run: " + times(sameRun, base));
      use(lines, sameRun.setting());
    }
    if (best != sameRun) {
      String other = search.bounds().otherRun(search.start(), best.setting()).orElse("another run");
      lines.add("");
      lines.add("Faster still, but " + other + ": " + times(best, base));
      use(lines, best.setting());
    }
    return lines;
  }

  private static String times(Trial trial, Trial base) {
    double rate = trial.measured().orElseThrow().speed().imagesPerSecond();
    double before = base.measured().orElseThrow().speed().imagesPerSecond();
    return String.format(
        Locale.ROOT, "%.2f times the present ones. Beside your other options:", rate / before);
  }

  private void use(List<String> lines, Setting setting) {
    ShapeSettings shapes = new ShapeSettings(settings);
    Map<String, String> told =
        setting.shape().equals(search.start().shape())
            ? Map.of()
            : shapes.told(setting.shape(), search.bounds().memory(setting.shape()));
    StringBuilder command = new StringBuilder("  ./submit.sh ");
    command.append(GpuSettings.ask(settings) ? "--gpu " : "").append(shapes.words(told));
    command.append("train");
    recipe.arguments().words().forEach(word -> command.append(' ').append(quoted(word)));
    command.append(" --data ").append(quoted(data));
    recipe.changes(setting).forEach(set -> command.append(" --set ").append(set));
    lines.add(command.toString());
    if (!told.isEmpty()) {
      lines.add("  or in cluster-configs/" + shapes.kind() + "/spark-defaults.conf:");
      shapes.lines(told).forEach(line -> lines.add("    " + line));
    }
  }

  /** As a shell reads it. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
