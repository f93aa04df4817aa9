package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.EvaluationSlots;
import io.dropblock.spark.cluster.SettingsCheck;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.gpu.GpuSettings;
import io.dropblock.spark.preflight.ClusterCheck;
import io.dropblock.spark.preflight.MemorySettings;
import io.dropblock.spark.preflight.Need;
import io.dropblock.spark.preflight.Ranks;
import io.dropblock.spark.preflight.RunFolderCheck;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.ForeseenException;
import io.dropblock.spark.train.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@code check} finds before Spark starts, by what {@code train} looks at then, but all of it
 * and not up to the first fault.
 */
final class DriverChecks {
  private static final String SETTINGS = "settings";
  private static final String MEMORY = "memory";
  private static final String DATA = "data set";
  private static final String NEW_RUN = "new run";

  private final SparkConf conf;
  private final Application application;
  private final Optional<Recipe> recipe;
  private final Optional<RecipeParts> parts;
  private final Optional<Path> data;
  private final Optional<Path> run;
  private final Optional<ClusterSettings> cluster;
  private final Optional<Need> need;
  private final Finding settings;
  private Optional<DatasetManifest> manifest = Optional.empty();

  DriverChecks(
      Application application, Optional<Recipe> recipe, Optional<Path> data, Optional<Path> run) {
    this.application = application;
    this.conf = application.settings();
    this.recipe = recipe;
    this.parts = recipe.map(RecipeParts::new);
    this.data = data;
    this.run = run;
    this.settings = Finding.of(SETTINGS, this::settings);
    this.cluster =
        Finding.anyFault(List.of(settings))
            ? Optional.empty()
            : Optional.of(ClusterSettings.of(conf));
    this.need = ofRank();
  }

  /** All that was found. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(List.of(settings));
    findings.add(
        need.map(need -> new MemorySettings(conf, need).finding())
            .orElseGet(
                () ->
                    Finding.notChecked(
                        MEMORY,
                        recipe.isEmpty() ? "no RECIPE given" : "the settings are at fault")));
    findings.add(
        data.map(folder -> Finding.of(DATA, () -> data(folder)))
            .orElseGet(() -> Finding.notChecked(DATA, "no --data given")));
    findings.add(
        run.map(folder -> Finding.of(NEW_RUN, () -> newRun(folder)))
            .orElseGet(() -> Finding.notChecked(NEW_RUN, "no --run given")));
    findings.addAll(
        run.map(folder -> RunFolderCheck.of(folder, need, application.configuration()))
            .orElseGet(() -> RunFolderCheck.none("no --run given")));
    return findings;
  }

  /** What to look for on executors; empty where the settings are at fault. */
  Optional<ClusterCheck.Asked> asked() {
    return cluster.map(
        it ->
            new ClusterCheck.Asked(
                need,
                recipe.map(known -> slots -> ranks(known.train(), it, slots)),
                run,
                data,
                manifest,
                it.ports(),
                GpuSettings.ask(conf)));
  }

  private Finding settings() {
    int world = recipe.map(it -> it.train().world()).orElse(0);
    SettingsCheck.forRanks(conf, world);
    EvaluationSlots kept = EvaluationSlots.of(conf);
    kept.requirePromised(conf, world);
    ClusterSettings read = ClusterSettings.of(conf);
    if (recipe.isPresent()) {
      TrainerSettings.requireRingForGpus(
          conf, TrainerSettings.way(recipe.get()), () -> Nd4j.getExecutioner().type());
      SettingsCheck.forResults(conf, Float.BYTES * parts.get().numbersInTraining());
      ElasticRanks.of(recipe.get().train(), read, kept.count());
    }
    return Finding.ok(SETTINGS, "none contradicts another");
  }

  private Optional<Need> ofRank() {
    return cluster.flatMap(
        it ->
            recipe.map(
                known ->
                    RecipeNeed.of(
                        known, parts.get(), Math.max(1, known.train().world()), it.ring().sum())));
  }

  private Finding data(Path folder) {
    DatasetManifest found =
        parts.isPresent()
            ? parts.get().dataset(folder, application.configuration())
            : ManifestFile.read(folder, application.configuration());
    manifest = Optional.of(found);
    return Finding.ok(
        DATA,
        String.format(
            Locale.ROOT,
            "%s, %s, %s to train and %s to measure on%s",
            found.settings().name(),
            Count.of(found.classes().size(), "class"),
            Count.of(found.records(Split.TRAIN), "image"),
            Count.of(found.records(Split.VAL), "image"),
            recipe.map(it -> ", as " + it.name() + " takes it").orElse("")));
  }

  private Finding newRun(Path folder) {
    try {
      RunFolder.requireFree(folder, application.configuration());
      return Finding.ok(NEW_RUN, "no run is in " + folder + " yet");
    } catch (ForeseenException e) {
      Finding there = Finding.fault(NEW_RUN, e);
      return there.next().contains("--resume")
          ? Finding.warning(NEW_RUN, there.seen(), there.next())
          : there;
    }
  }

  private Finding ranks(TrainRecipe train, ClusterSettings settings, int all) {
    // those that an evaluation beside the ranks keeps are none of theirs
    int slots = Math.max(0, all - EvaluationSlots.of(conf).count());
    int elastic = settings.elasticMin();
    int wanted = elastic > 0 ? elastic : Math.max(1, train.world());
    int most = train.world() > 0 ? Math.min(slots, train.world()) : slots;
    int chosen = slots < wanted ? 0 : Math.min(most, ChosenWorld.of(train, most).ranks());
    return new Ranks(wanted, chosen, slots, train.slots()).finding();
  }
}
