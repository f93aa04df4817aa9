package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.page.GeneratedPage;
import io.dropblock.spark.page.Repository;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/settings.md has the settings that the program reads. */
class SettingsPageTest {
  private static final GeneratedPage PAGE =
      new GeneratedPage("reference/settings.md", SettingsPageTest.class);

  private static final String INTRODUCTION =
      """
      For anyone who runs on a cluster: settings of ours, beside [those of Spark's own that we set](spark-settings.md). Give them
      before the command, `--conf KEY=VALUE`, or write them into `cluster-configs/KIND/spark-defaults.conf`. They are not
      part of the recipe, so you can resume a run with others.

      | Setting | Default | Is |
      |---|---|---|
      """;

  private static final Pattern NAME =
      Pattern.compile("spark\\.dropblock\\.[a-z]\\w*+(\\.\\w++)*+(?!\\.\\*)");

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(GeneratedPage.head("Settings of ours: spark.dropblock.*")).append(INTRODUCTION);
    for (OwnSetting setting : OwnSetting.values()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %s |%n",
              setting.key(),
              setting.otherwise(),
              setting.meaning()));
    }
    PAGE.check(page.toString());
  }

  @Test
  void everyNameInTheRepositoryIsASetting() throws IOException {
    Set<String> known =
        Arrays.stream(OwnSetting.values())
            .map(OwnSetting::key)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named = new TreeSet<>();
    for (Path file : Repository.texts()) {
      Matcher name = NAME.matcher(Repository.read(file));
      while (name.find()) {
        named.add(name.group());
        assertThat(known).as("%s in %s", name.group(), file).contains(name.group());
      }
    }
    assertThat(named).isEqualTo(known);
  }

  @Test
  void thePluginReadsTheFirst() {
    assertThat(TrainingPlugin.INTERVAL).isEqualTo(OwnSetting.PROGRESS_INTERVAL.key());
  }
}
