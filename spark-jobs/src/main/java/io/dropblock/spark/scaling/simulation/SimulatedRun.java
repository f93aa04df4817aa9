package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.scaling.StepTime;
import io.dropblock.spark.scaling.Stragglers;
import java.util.ArrayList;
import java.util.List;

/** One run by chance, step by step: the same for equal seeds. */
final class SimulatedRun {
  /** A run that takes so many times as long as an undisturbed one will not end. */
  private static final int ENDLESS = 100;

  private final PlannedWork work;
  private final FailurePlan failures;
  private final CheckpointPlan checkpoints;
  private final Stragglers stragglers;
  private final Hosts hosts;
  private final KeyedRandom slowness;
  private final List<StepTime> steps = new ArrayList<>();
  private final Ledger ledger = new Ledger();

  private double now;

  /**
   * Steps that are done, those that the newest checkpoint holds, and those that a later one will.
   */
  private long done;

  private long safe;
  private long safeSoon;
  private double safeAt = Double.POSITIVE_INFINITY;
  private int failed;
  private int inARow;
  private int givenUp;

  private SimulatedRun(
      PlannedWork work, FailurePlan failures, CheckpointPlan checkpoints, long seed) {
    this.work = work;
    this.failures = failures;
    this.checkpoints = checkpoints;
    this.stragglers = Stragglers.ofSpread(work.spread());
    this.hosts = new Hosts(failures, KeyedRandom.of(seed, 0));
    this.slowness = KeyedRandom.of(seed, 1);
    for (int ranks = 1; ranks <= failures.ranks(); ranks++) {
      steps.add(null);
    }
  }

  /**
   * Runs it.
   *
   * @param seed of all that happens by chance. Failures are at equal times for equal seeds, until
   *     the first one
   */
  static LostTime of(
      PlannedWork work, FailurePlan failures, CheckpointPlan checkpoints, long seed) {
    return new SimulatedRun(work, failures, checkpoints, seed).run();
  }

  private LostTime run() {
    double limit =
        ENDLESS
            * (work.allSteps() * stepOf(failures.ranks()).seconds()
                + work.epochs() * work.epochSeconds());
    while (done < work.allSteps()) {
      awaitHosts();
      if (takeIn()) {
        step();
      }
      if (now > limit) {
        // failures come faster than checkpoints
        return told(Double.POSITIVE_INFINITY);
      }
    }
    ledger.close();
    return told(now);
  }

  private LostTime told(double total) {
    return new LostTime(total, ledger.ideal(), LostTime.byCause(ledger::of), failed, givenUp);
  }

  /** Steps of ranks that are asked for again and again. */
  private StepTime stepOf(int ranks) {
    StepTime step = steps.get(ranks - 1);
    if (step == null) {
      step = work.steps().apply(ranks);
      steps.set(ranks - 1, step);
    }
    return step;
  }

  private void step() {
    StepTime step = stepOf(hosts.ranks());
    double slow = step.compute() * (stragglers.drawSlowest(hosts.ranks(), slowness) - 1);
    boolean epochEnds = (done + 1) % work.stepsPerEpoch() == 0;
    double besides = epochEnds ? work.epochSeconds() : 0;
    boolean checkpoint = epochEnds || (done + 1) % work.stepsPerEpoch() % checkpoints.every() == 0;
    double busy = checkpoint ? writeLeft(now + step.undisturbed() + slow + besides) : 0;
    boolean leftOut = busy > checkpoints.patience();
    double stall = leftOut ? checkpoints.patience() : checkpoint ? busy + checkpoints.stall() : 0;
    if (!pass(step.undisturbed() + slow + besides + stall)) {
      fail();
      return;
    }
    done++;
    double whole = stepOf(failures.ranks()).undisturbed();
    ledger.addIdeal(whole + besides);
    ledger.add(Cause.FEWER_RANKS, step.undisturbed() - whole);
    ledger.add(Cause.SLOW_RANKS, slow);
    ledger.add(Cause.CHECKPOINTS, stall);
    if (checkpoint && !leftOut) {
      settleAny();
      ledger.beginCheckpoint();
      safeSoon = done;
      safeAt = now + checkpoints.write();
    }
  }

  /** How long the checkpoint before is still being written at a time. */
  private double writeLeft(double due) {
    return Double.isInfinite(safeAt) ? 0 : Math.max(0, safeAt - due);
  }

  /** The checkpoint that was being written is there, if one was. */
  private void settleAny() {
    if (!Double.isInfinite(safeAt)) {
      ledger.endCheckpoint();
      safe = safeSoon;
      safeAt = Double.POSITIVE_INFINITY;
      inARow = 0;
    }
  }

  /** Lets time pass; false if a host fails before, and then it is that moment. */
  private boolean pass(double seconds) {
    double end = now + seconds;
    if (hosts.nextFailure() < end) {
      // what was done of it
      ledger.spend(Cause.RECOMPUTED, hosts.nextFailure() - now);
      now = hosts.nextFailure();
      return false;
    }
    now = end;
    return true;
  }

  private void fail() {
    if (safeAt <= now) {
      settleAny();
    }
    ledger.lose();
    safeAt = Double.POSITIVE_INFINITY;
    done = safe;
    do {
      failed++;
      inARow++;
      if (inARow == failures.attempts()) {
        givenUp++;
        inARow = 0;
      }
      hosts.fail(now);
    } while (!restart(failures.noticed() + failures.restart()));
  }

  /** Begins again; false if a host fails meanwhile. */
  private boolean restart(double seconds) {
    double end = Math.min(now + seconds, hosts.nextFailure());
    boolean well = end == now + seconds;
    ledger.spend(Cause.RESTART, end - now);
    now = end;
    return well;
  }

  private void awaitHosts() {
    while (hosts.tooFew()) {
      double back = Math.max(now, hosts.nextBack());
      if (hosts.nextFailure() < back) {
        ledger.spend(Cause.FEWER_RANKS, hosts.nextFailure() - now);
        now = hosts.nextFailure();
        failed++;
        hosts.fail(now);
      } else {
        ledger.spend(Cause.FEWER_RANKS, back - now);
        now = back;
        hosts.takeIn(now, now);
      }
    }
  }

  /**
   * More ranks go on: at an epoch's begin for nothing, within one behind a checkpoint.
   *
   * @return false if a host fails meanwhile
   */
  private boolean takeIn() {
    boolean begins = done % work.stepsPerEpoch() == 0;
    double by = begins ? now : now - failures.settle();
    if (hosts.nextBack() > by || !hosts.takeIn(by, now) || begins) {
      return true;
    }
    if (!restart(writeLeft(now) + checkpoints.write() + failures.restart())) {
      fail();
      return false;
    }
    settleAny();
    ledger.beginCheckpoint();
    ledger.endCheckpoint();
    safe = done;
    inARow = 0;
    return true;
  }
}
