package io.dropblock.spark.report;

import io.dropblock.spark.scaling.Forecast;
import io.dropblock.spark.scaling.StepTime;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.text.Table.Column;
import java.util.List;
import java.util.Locale;

/**
 * What numbers of ranks take, on one network.
 *
 * @param title of the network
 * @param forecasts in the order of rows
 * @param tooMany numbers of ranks that cannot be, as there are fewer slots
 */
public record ForecastTable(String title, List<Forecast> forecasts, List<Integer> tooMany) {
  private static final double WELL = 0.8;
  private static final double GIGA = 1e9;

  @Override
  public String toString() {
    Table table =
        Table.of(
            Column.right("ranks"),
            Column.right("slots x images"),
            Column.right("keeps"),
            Column.right("compute"),
            Column.right("slow ranks"),
            Column.right("meeting"),
            Column.right("round"),
            Column.right("update"),
            Column.right("step"),
            Column.right("epoch"),
            Column.right("run"),
            Column.right("times 1"),
            Column.right("efficiency"),
            Column.left("most of a step"));
    for (Forecast forecast : forecasts) {
      StepTime step = forecast.step();
      table.row(
          String.valueOf(forecast.world()),
          forecast.batch().slots() + " x " + forecast.batch().localBatch(),
          String.format(Locale.ROOT, "%.1f GB", forecast.kept() / GIGA),
          ScaledTime.text(step.compute()),
          ScaledTime.text(step.waiting()),
          ScaledTime.text(step.meeting()),
          ScaledTime.text(step.round()),
          ScaledTime.text(step.update()),
          ScaledTime.text(step.seconds()),
          ScaledTime.text(forecast.epoch()),
          ScaledTime.text(forecast.run()),
          String.format(Locale.ROOT, "%.1f", forecast.efficiency() * forecast.world()),
          String.format(Locale.ROOT, "%.3f", forecast.efficiency()),
          step.bound().title());
    }
    StringBuilder text = new StringBuilder(title + System.lineSeparator()).append(table);
    forecasts.stream()
        .filter(forecast -> forecast.efficiency() >= WELL)
        .mapToInt(Forecast::world)
        .max()
        .ifPresent(
            well ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "an efficiency of %.2f or more: up to %d ranks%n",
                        WELL,
                        well)));
    if (!tooMany.isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "not possible: %s ranks, as there are fewer slots; raise --slots and lower"
                  + " --local-batch%n",
              tooMany.toString().replaceAll("[\\[\\]]", "")));
    }
    return text.toString();
  }
}
