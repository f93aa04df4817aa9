package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How many ranks train a recipe on the task slots that there are.
 *
 * @param ranks 1 or more
 * @param notes what people should know of it
 */
record ChosenWorld(int ranks, List<String> notes) {

  /**
   * The ranks that the recipe asks for; else all task slots, but no more than it has slots, and
   * where ranks go own ways as many as divide these.
   *
   * @param found task slots, 1 or more
   */
  static ChosenWorld of(TrainRecipe train, int found) {
    int wanted = train.world() > 0 ? train.world() : found;
    if (train.slots() == 0) {
      return new ChosenWorld(wanted, List.of());
    }
    List<String> notes = new ArrayList<>();
    int ranks = Math.min(wanted, train.slots());
    boolean bound = train.slots() > 1 && train.averaging().bindsWorld();
    while (bound && train.slots() % ranks > 0) {
      ranks--;
    }
    if (ranks < wanted) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s train%s on %d task slots, as a step has %s (train.slots)%s",
              Count.of(ranks, "rank"),
              ranks == 1 ? "s" : "",
              wanted,
              Count.of(train.slots(), "slot"),
              bound && ranks < train.slots() ? ", which the number of ranks has to divide" : ""));
    }
    if (bound) {
      notes.add(
          String.format(
              Locale.ROOT,
              "This run is bound to %s: they go own ways between two averagings"
                  + " (train.averaging)",
              Count.of(ranks, "rank")));
    }
    return new ChosenWorld(ranks, List.copyOf(notes));
  }

  /**
   * The same where the settings ask for some: a recipe that takes what there is trains without
   * those that did not come, and says so.
   *
   * @param asked task slots that the settings ask for; empty where that is for the cluster to say
   */
  static ChosenWorld of(TrainRecipe train, int found, OptionalInt asked) {
    ChosenWorld chosen = of(train, found);
    int usable = train.slots() > 0 ? train.slots() : Integer.MAX_VALUE;
    int wanted = Math.min(asked.orElse(0), usable);
    if (train.world() > 0 || found >= wanted) {
      return chosen;
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "Only %d of %s came that the settings ask for: this run trains with %s%s;"
                + " set train.world=%d to train with all of them or not at all",
            found,
            Count.of(asked.getAsInt(), "task slot"),
            Count.of(chosen.ranks(), "rank"),
            train.slots() > 0
                ? ", which share the same steps out"
                : String.format(
                    Locale.ROOT,
                    ", a step has %s in place of %d",
                    Count.of(images(train, chosen.ranks()), "image"),
                    images(train, wanted)),
            wanted));
    notes.addAll(chosen.notes());
    return new ChosenWorld(chosen.ranks(), List.copyOf(notes));
  }

  private static int images(TrainRecipe train, int ranks) {
    return ranks * train.localBatch() * train.accumulation();
  }
}
